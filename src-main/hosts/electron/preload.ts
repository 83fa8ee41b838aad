// All that the page can reach of Electron: send a request, hear events.
import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron';
import type { EventMessage, Request, Response } from '../../../src-shared/protocol.ts';
import { channels } from './channels.ts';

ipcRenderer.on(channels.event, () => ipcRenderer.send(channels.eventReceived));

contextBridge.exposeInMainWorld('weftBridge', {
  request: (message: Request): Promise<Response> => ipcRenderer.invoke(channels.request, message),
  onEvent: (listener: (message: EventMessage) => void): (() => void) => {
    const deliver = (_event: IpcRendererEvent, message: EventMessage): void => listener(message);
    ipcRenderer.on(channels.event, deliver);
    return () => void ipcRenderer.off(channels.event, deliver);
  },
});
