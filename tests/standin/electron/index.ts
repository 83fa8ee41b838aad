// A behavioural stand-in for the `electron` module, so that the built desktop app runs where Electron's runtime can't
// be had: windows are pages of a real Chromium, utility processes are forked Node processes, messages are structured
// clones. It has the part of Electron that Weft uses; the names and the order of events are Electron's.
import { app } from './app.ts';
import { BrowserWindow } from './browserWindow.ts';
import { answerTests } from './control.ts';
import { dialog } from './dialog.ts';
import { ipcMain } from './ipcMain.ts';
import { Menu } from './menu.ts';
import { nativeTheme } from './nativeTheme.ts';
import { net } from './net.ts';
import { protocol } from './protocol.ts';
import { screen } from './screen.ts';
import { session } from './session.ts';
import { utilityProcess } from './utilityProcess.ts';

export {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  net,
  protocol,
  screen,
  session,
  utilityProcess,
};
export default {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  net,
  protocol,
  screen,
  session,
  utilityProcess,
};

Object.assign(process, { type: 'browser' });
answerTests();
