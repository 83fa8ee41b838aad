/** The IPC channels between the preload and the main process. */
export const channels = {
  request: 'weft:request',
  event: 'weft:event',
  /** The page has taken an event in. */
  eventReceived: 'weft:event-received',
} as const;
