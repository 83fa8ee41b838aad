import { describe, expect, it } from 'vitest';
import { commands, type Handlers } from '../../../src-shared/contract.ts';
import { WeftError } from '../../../src-shared/failure.ts';
import { refuseChanges } from '../../../src-shared/protocol.ts';

const names = Object.keys(commands) as (keyof typeof commands)[];
// Each answers with its own name, whatever the contract wants of it.
const answering = Object.fromEntries(names.map((name) => [name, () => name])) as unknown as Handlers;
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
