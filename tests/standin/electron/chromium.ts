// The one Chromium behind all windows.
import { chromium, type Browser } from 'playwright-core';
import { findChromium } from '../../../scripts/findChromium.mjs';

let launched: Promise<Browser> | undefined;

export function getChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('The stand-in for Electron needs a Chromium or Chrome.');
  launched ??= chromium.launch({
    executablePath,
    // The app decides what a signal does.
    handleSIGINT: false,
    handleSIGTERM: false,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return launched;
}

export async function closeChromium(): Promise<void> {
  await (await launched)?.close();
}
