// The wire from a training process to the core: Electron's `process.parentPort` in a utility process, Node's own
// channel in a forked one.
import type { FromTraining } from './messages.ts';

export interface ParentConnection {
  send(message: FromTraining): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called when the core's process is no more. */
  onGone(listener: () => void): void;
}

/** The part of Electron's ParentPort that is used. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  on(event: 'close', listener: () => void): void;
}

const isParentPort = (value: unknown): value is ParentPort =>
  typeof value === 'object' && value !== null && 'postMessage' in value && 'on' in value;

/** The connection to the process that started this one. Throws when there is none. */
export function connectToParent(): ParentConnection {
  const port: unknown = Reflect.get(process, 'parentPort');
  if (isParentPort(port)) {
    return {
      send: (message) => port.postMessage(message),
      onMessage: (listener) => port.on('message', ({ data }) => listener(data)),
      onGone: (listener) => port.on('close', listener),
    };
  }
  if (process.send === undefined) {
    throw new Error('This program is started by Weft and does nothing by itself.');
  }
  return {
    send(message) {
      // A parent that is going away takes no messages; `disconnect` then ends this process.
      if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
    },
    onMessage: (listener) => void process.on('message', listener),
    onGone: (listener) => void process.once('disconnect', listener),
  };
}
