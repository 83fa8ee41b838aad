// Events for one page that may be slower than they come. While the page keeps up each is sent at once; while it
// does not, only the latest about each thing is kept, so the queue never holds more than there are things.
import type { EventMessage } from '../../src-shared/protocol.ts';

export interface EventOutbox {
  post(message: EventMessage): void;
  /** To be called when the page has taken something in: sends what was held back. */
  drain(): void;
}

/** What an event is about: two events with the same subject replace one another. */
function subjectOf({ event, payload }: EventMessage): string {
  if (typeof payload !== 'object' || payload === null) return event;
  const identity = ['runId', 'modelId', 'datasetId', 'id']
    .map((name): unknown => Reflect.get(payload, name))
    .find((value) => typeof value === 'string');
  return `${event} ${typeof identity === 'string' ? identity : ''}`;
}

/** `trySend` sends the message, or answers false while the page still has too much to take in. */
export function createEventOutbox(trySend: (message: EventMessage) => boolean): EventOutbox {
  const heldBack = new Map<string, EventMessage>();
  const drain = (): void => {
    for (const [subject, message] of heldBack) {
      if (!trySend(message)) return;
      heldBack.delete(subject);
    }
  };
  return {
    post(message) {
      const subject = subjectOf(message);
      // Removed first, so that the latest of each subject stands in the order in which they happened.
      heldBack.delete(subject);
      heldBack.set(subject, message);
      drain();
    },
    drain,
  };
}
