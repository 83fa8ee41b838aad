import type { EventMessage, Request, Response } from '../src-shared/protocol.ts';

declare global {
  interface Window {
    /** Put there by the desktop window's preload; absent in a browser. */
    weftBridge?: {
      request(message: Request): Promise<Response>;
      /** Returns the function that ends the subscription. */
      onEvent(listener: (message: EventMessage) => void): () => void;
    };
  }
}
