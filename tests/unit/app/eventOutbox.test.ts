import { describe, expect, it } from 'vitest';
import { createEventOutbox } from '../../../src-main/app/eventOutbox.ts';
import type { EventMessage } from '../../../src-shared/protocol.ts';

const progressed = (runId: string, step: number): EventMessage => ({
  event: 'run.progressed',
  payload: { runId, step },
});

function slowPage(): {
  sent: EventMessage[];
  page: { isBusy: boolean };
  outbox: ReturnType<typeof createEventOutbox>;
} {
  const sent: EventMessage[] = [];
  const page = { isBusy: false };
  const outbox = createEventOutbox((message) => {
    if (!page.isBusy) sent.push(message);
    return !page.isBusy;
  });
  return { sent, page, outbox };
}

describe('the outbox of events', () => {
  it('sends every event at once to a page that keeps up', () => {
    const { sent, outbox } = slowPage();
    for (let step = 1; step <= 5; step += 1) outbox.post(progressed('a', step));
    expect(sent).toEqual([1, 2, 3, 4, 5].map((step) => progressed('a', step)));
  });

  it('keeps one event about each thing for a page that does not, and loses no last word', () => {
    const { sent, page, outbox } = slowPage();
    page.isBusy = true;
    for (let step = 1; step <= 100_000; step += 1) outbox.post(progressed('a', step));
    outbox.post(progressed('b', 7));
    outbox.post({ event: 'run.changed', payload: { id: 'a', state: 'finished' } });
    outbox.post({ event: 'run.removed', payload: { runId: 'b' } });
    expect(sent).toEqual([]);
    page.isBusy = false;
    outbox.drain();
    expect(sent).toEqual([
      progressed('a', 100_000),
      progressed('b', 7),
      { event: 'run.changed', payload: { id: 'a', state: 'finished' } },
      { event: 'run.removed', payload: { runId: 'b' } },
    ]);
  });

  it('sends what was held back in the order of the latest of each', () => {
    const { sent, page, outbox } = slowPage();
    page.isBusy = true;
    outbox.post(progressed('a', 1));
    outbox.post(progressed('b', 1));
    outbox.post(progressed('a', 2));
    page.isBusy = false;
    outbox.post(progressed('c', 1));
    expect(sent).toEqual([progressed('b', 1), progressed('a', 2), progressed('c', 1)]);
  });

  it('stops draining when the page is busy again', () => {
    const sent: EventMessage[] = [];
    let room = 2;
    const outbox = createEventOutbox((message) => {
      if (room === 0) return false;
      room -= 1;
      sent.push(message);
      return true;
    });
    for (const run of ['a', 'b', 'c', 'd']) outbox.post(progressed(run, 1));
    expect(sent).toHaveLength(2);
    room = 1;
    outbox.drain();
    expect(sent).toEqual(['a', 'b', 'c'].map((run) => progressed(run, 1)));
  });
});
