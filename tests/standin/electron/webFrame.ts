import type { Frame } from 'playwright-core';
import { originOf, toAppAddress } from './protocol.ts';

/** A frame of a page as Electron shows it to the app: Chromium itself says where it is. */
export interface WebFrameMain {
  readonly url: string;
  readonly origin: string;
  readonly parent: WebFrameMain | null;
}

export function toWebFrame(frame: Frame): WebFrameMain {
  const url = toAppAddress(frame.url());
  const parent = frame.parentFrame();
  return { url, origin: originOf(url), parent: parent === null ? null : toWebFrame(parent) };
}
