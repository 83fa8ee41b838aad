import type { EventEmitter } from 'node:events';

/** Electron's event object: listeners may prevent what is about to happen. */
export interface PreventableEvent {
  readonly defaultPrevented: boolean;
  preventDefault: () => void;
}

/** Emits an event that can be prevented; `details` stand on the event object itself. Returns whether it was. */
export function emitPreventable(
  emitter: EventEmitter,
  name: string,
  details: object = {},
  ...rest: unknown[]
): boolean {
  let isPrevented = false;
  const event: PreventableEvent = Object.defineProperty(
    { ...details, defaultPrevented: false, preventDefault: () => void (isPrevented = true) },
    'defaultPrevented',
    { get: () => isPrevented },
  );
  emitter.emit(name, event, ...rest);
  return isPrevented;
}
