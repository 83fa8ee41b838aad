// The renderer's half: runs in every page before its own scripts, with the preload. It is handed to Chromium as text,
// so it uses nothing from outside itself.

/** A message from a page to the main process. */
export interface PageMessage {
  kind: 'invoke' | 'send';
  channel: string;
  args: unknown[];
}

/** The answer to a page's message. */
export type PageAnswer = { output: unknown } | { error: string };

type Listener = (event: object, ...args: unknown[]) => void;

/** What a sandboxed preload gets from `require('electron')`. `binding` carries messages, `delivery` takes them in. */
export function createPreloadModules(binding: string, delivery: string): (name: string) => unknown {
  const call = Reflect.get(globalThis, binding) as (message: PageMessage) => Promise<PageAnswer>;
  Reflect.deleteProperty(globalThis, binding);

  const listeners = new Map<string, Listener[]>();
  Object.defineProperty(globalThis, delivery, {
    enumerable: false,
    value: (channel: string, args: unknown[]) => {
      for (const listener of [...(listeners.get(channel) ?? [])]) listener({}, ...args);
    },
  });

  const ipcRenderer = {
    async invoke(channel: string, ...args: unknown[]): Promise<unknown> {
      const answer = await call({ kind: 'invoke', channel, args: structuredClone(args) });
      if ('output' in answer) return answer.output;
      throw new Error(`Error invoking remote method '${channel}': ${answer.error}`);
    },
    send(channel: string, ...args: unknown[]): void {
      void call({ kind: 'send', channel, args: structuredClone(args) });
    },
    on(channel: string, listener: Listener): void {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
    },
    off(channel: string, listener: Listener): void {
      const others = (listeners.get(channel) ?? []).filter((one) => one !== listener);
      listeners.set(channel, others);
    },
  };

  // What crosses the bridge is a copy; functions become functions that copy what goes in and out of them.
  const across = (value: unknown): unknown => {
    if (typeof value === 'function') {
      return (...args: unknown[]): unknown => across(Reflect.apply(value, undefined, args.map(across)));
    }
    if (value instanceof Promise) {
      return value.then(across, (error: unknown) => {
        throw new Error(error instanceof Error ? error.message : String(error));
      });
    }
    if (Array.isArray(value)) return value.map(across);
    if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
      return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, across(part)]));
    }
    return structuredClone(value);
  };
  const contextBridge = {
    exposeInMainWorld(name: string, api: Record<string, unknown>): void {
      if (name in globalThis) throw new Error('Cannot bind an API on top of an existing property');
      Object.defineProperty(globalThis, name, { value: Object.freeze(across(api)), enumerable: true });
    },
  };

  return (name) => {
    if (name === 'electron') return { contextBridge, ipcRenderer };
    throw new Error(`module not found: ${name}`);
  };
}
