import { describe, expect, it } from 'vitest';
import { commands, type Handlers } from '../../../src-shared/contract.ts';
import { WeftError } from '../../../src-shared/failure.ts';
import { refuseChanges } from '../../../src-shared/protocol.ts';

const names = Object.keys(commands) as (keyof typeof commands)[];
const answers = Object.fromEntries(names.map((name) => [name, () => name]));
const answering = answers as unknown as Handlers; // Each answers with its own name, not as the contract says.
const ask = (handlers: Handlers, name: keyof typeof commands): unknown =>
  (handlers[name] as (input: unknown) => unknown)({});

describe('refuseChanges', () => {
  it.each(names)('lets %s through exactly when the contract says that it changes nothing', (name) => {
    const handlers = refuseChanges(answering, () => new WeftError('test.refused', 'Not here.'));
    if (commands[name].changes) expect(() => ask(handlers, name)).toThrow('Not here.');
    else expect(ask(handlers, name)).toBe(name);
  });

  it('lets every command through as long as there is nothing to refuse it for', () => {
    const handlers = refuseChanges(answering, () => undefined);
    expect(names.map((name) => ask(handlers, name))).toEqual(names);
  });
});
