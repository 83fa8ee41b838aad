// The contract over Electron's IPC.
import { ipcMain, type IpcMainEvent, type WebContents } from 'electron';
import { answer, type EventMessage, type Response } from '../../../src-shared/protocol.ts';
import { createEventOutbox } from '../../app/eventOutbox.ts';
import type { App } from '../../app/types.ts';
import { channels } from './channels.ts';
import { withoutSurroundings } from './exactArrays.ts';
import { isOwnFrame } from './ownPage.ts';

/** Events on their way to a page; from then on, those about the same thing replace one another. */
const eventsUnderWay = 32;

/** Answers the page's requests; those of any other sender are refused. */
export function answerRequests(core: App): void {
  ipcMain.handle(channels.request, async (event, message: unknown): Promise<Response> => {
    if (!isOwnFrame(event.senderFrame)) throw new Error('Only the page of Weft is answered.');
    const response = await answer(core.handlers, message);
    return 'output' in response ? { ...response, output: withoutSurroundings(response.output) } : response;
  });
}

/** Sends events to a window's page, as fast as it takes them in. Returns what posts one. */
export function sendEvents(contents: WebContents): (message: EventMessage) => void {
  let underWay = 0;
  const outbox = createEventOutbox((message) => {
    if (underWay >= eventsUnderWay || contents.isDestroyed()) return false;
    underWay += 1;
    contents.send(channels.event, message);
    return true;
  });
  const onReceived = (event: IpcMainEvent): void => {
    if (event.sender !== contents || !isOwnFrame(event.senderFrame)) return;
    underWay = Math.max(0, underWay - 1);
    outbox.drain();
  };
  ipcMain.on(channels.eventReceived, onReceived);
  contents.once('destroyed', () => ipcMain.off(channels.eventReceived, onReceived));
  // What was on its way to the page before this one is lost with it.
  contents.on('did-navigate', () => {
    underWay = 0;
    outbox.drain();
  });
  return (message) => outbox.post(message);
}
