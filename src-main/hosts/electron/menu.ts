// The menu of the desktop window. The page answers the same keys by itself, as it does in a browser; so the keys stand
// in the menu without being taken from the page.
import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import type { EventPayload } from '../../../src-shared/contract.ts';

export type MenuChoice = EventPayload<'menu.chosen'>['item'];

const separator: MenuItemConstructorOptions = { type: 'separator' };

function buildTemplate(onChoice: (item: MenuChoice) => void): MenuItemConstructorOptions[] {
  const isMac = process.platform === 'darwin';
  const choice = (label: string, accelerator: string, item: MenuChoice): MenuItemConstructorOptions => ({
    label,
    accelerator,
    registerAccelerator: false,
    click: () => onChoice(item),
  });
  return [
    ...(isMac ? [{ role: 'appMenu' as const }] : []),
    {
      label: 'File',
      submenu: [
        choice('Open model…', 'CmdOrCtrl+O', 'open-model'),
        choice('Save model…', 'CmdOrCtrl+S', 'save-model'),
        choice('Export model…', 'CmdOrCtrl+Shift+S', 'export-model'),
        separator,
        isMac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    {
      label: 'Edit',
      submenu: [
        choice('Undo', 'CmdOrCtrl+Z', 'undo'),
        choice('Redo', isMac ? 'Shift+Cmd+Z' : 'Ctrl+Y', 'redo'),
        separator,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    {
      label: 'View',
      submenu: [
        { role: 'reload' },
        { role: 'toggleDevTools' },
        separator,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        separator,
        { role: 'togglefullscreen' },
      ],
    },
    ...(isMac ? [{ role: 'windowMenu' as const }] : []),
    { role: 'help', submenu: [{ label: 'About Weft', click: () => app.showAboutPanel() }] },
  ];
}

export function installMenu(onChoice: (item: MenuChoice) => void): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(buildTemplate(onChoice)));
}
