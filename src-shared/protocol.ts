// The contract apart from any transport: messages, and a client and a server derived from the table.
// Transports (Electron IPC, WebSocket, an in-memory pair in tests) only carry the messages.
import * as v from 'valibot';
import {
  commands,
  events,
  type CommandInput,
  type CommandName,
  type CommandOutput,
  type EventName,
  type EventPayload,
  type Handlers,
} from './contract.ts';
import { errorDataSchema, fromErrorData, toErrorData, WeftError } from './failure.ts';

export const requestSchema = v.strictObject({ id: v.number(), command: v.string(), input: v.unknown() });
export type Request = v.InferOutput<typeof requestSchema>;

export const responseSchema = v.union([
  v.strictObject({ id: v.number(), output: v.unknown() }),
  v.strictObject({ id: v.number(), error: errorDataSchema }),
]);
export type Response = v.InferOutput<typeof responseSchema>;

export const eventMessageSchema = v.strictObject({ event: v.string(), payload: v.unknown() });
export type EventMessage = v.InferOutput<typeof eventMessageSchema>;

export type ServerMessage = Response | EventMessage;

const isCommandName = (name: string): name is CommandName => Object.hasOwn(commands, name);
const isEventName = (name: string): name is EventName => Object.hasOwn(events, name);

/** `layers.0.units: must be …`, for the first thing that is wrong. */
export function describeIssue(issues: [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]): string {
  const [issue] = issues;
  const path = v.getDotPath(issue);
  return path === null ? issue.message : `${path}: ${issue.message}`;
}

/** Runs a command by name on unchecked input: validates, calls the handler, passes on its error. */
export async function callHandler(handlers: Handlers, command: string, input: unknown): Promise<unknown> {
  if (!isCommandName(command)) {
    throw new WeftError('contract.unknown-command', `There is no command "${command}".`);
  }
  const parsed = v.safeParse(commands[command].input, input);
  if (!parsed.success) {
    throw new WeftError('contract.invalid-input', `${command} was refused: ${describeIssue(parsed.issues)}.`);
  }
  // The table pairs each name with its schema and handler; TypeScript can't follow the pairing through a union.
  const handler = handlers[command] as (input: unknown) => unknown;
  return await handler(parsed.output);
}

/**
 * The same handlers, but each command that the contract says changes something throws the error that `refusal` gives,
 * for as long as it gives one.
 */
export function refuseChanges(handlers: Handlers, refusal: () => WeftError | undefined): Handlers {
  const guarded = Object.entries(handlers).map(([name, handler]) => {
    const guard = (input: unknown): unknown => {
      const error = refusal();
      if (error !== undefined) throw error;
      return (handler as (input: unknown) => unknown)(input);
    };
    return [name, isCommandName(name) && !commands[name].changes ? handler : guard];
  });
  // Each handler stays under its own name; TypeScript can't follow the pairing through the entries.
  return Object.fromEntries(guarded) as Handlers;
}

/** Answers one request message; never rejects. */
export async function answer(handlers: Handlers, message: unknown): Promise<Response> {
  const request = v.safeParse(requestSchema, message);
  if (!request.success) {
    return { id: -1, error: { code: 'contract.invalid-message', message: 'The message is not a request.' } };
  }
  const { id, command, input } = request.output;
  try {
    return { id, output: await callHandler(handlers, command, input) };
  } catch (error) {
    return { id, error: toErrorData(error) };
  }
}

export interface Client {
  call<N extends CommandName>(command: N, input: CommandInput<N>): Promise<CommandOutput<N>>;
  /** Returns the function that ends the subscription. */
  on<N extends EventName>(event: N, listener: (payload: EventPayload<N>) => void): () => void;
}

export interface ClientEnd {
  client: Client;
  /** The transport hands every message from the server to this. */
  receive(message: unknown): void;
  /** The transport is gone: everything that waits for an answer fails with this error. */
  close(error: WeftError): void;
}

/** A client over any transport that can send a message. Throws what the server answered as a `WeftError`. */
export function createClient(send: (request: Request) => void): ClientEnd {
  interface Waiting {
    resolve(output: unknown): void;
    reject(error: WeftError): void;
  }
  const waiting = new Map<number, Waiting>();
  const listeners = new Map<EventName, Set<(payload: unknown) => void>>();
  let nextId = 1;

  const client: Client = {
    call<N extends CommandName>(command: N, input: CommandInput<N>) {
      const id = nextId;
      nextId += 1;
      return new Promise<CommandOutput<N>>((resolve, reject) => {
        // The server is the same build: its outputs are trusted, as every other value inside Weft is.
        waiting.set(id, { resolve: (output) => resolve(output as CommandOutput<N>), reject });
        try {
          send({ id, command, input });
        } catch (error) {
          waiting.delete(id);
          reject(fromErrorData(toErrorData(error)));
        }
      });
    },
    on<N extends EventName>(event: N, listener: (payload: EventPayload<N>) => void) {
      const ofEvent = listeners.get(event) ?? new Set();
      listeners.set(event, ofEvent);
      const wrapped = (payload: unknown): void => listener(payload as EventPayload<N>);
      ofEvent.add(wrapped);
      return () => ofEvent.delete(wrapped);
    },
  };

  return {
    client,
    receive(message) {
      const event = v.safeParse(eventMessageSchema, message);
      if (event.success) {
        const { event: name, payload } = event.output;
        if (isEventName(name)) listeners.get(name)?.forEach((listener) => listener(payload));
        return;
      }
      const response = v.safeParse(responseSchema, message);
      if (!response.success) return;
      const answered = waiting.get(response.output.id);
      waiting.delete(response.output.id);
      if ('error' in response.output) answered?.reject(fromErrorData(response.output.error));
      else answered?.resolve(response.output.output);
    },
    close(error) {
      for (const one of waiting.values()) one.reject(error);
      waiting.clear();
    },
  };
}
