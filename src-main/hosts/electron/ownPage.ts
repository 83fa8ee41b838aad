// The scheme that the page is served under, and how a frame or address of it is told from any other.
import { protocol, type WebFrameMain } from 'electron';
import { createPages } from '../../app/pages.ts';

const scheme = 'app';
const host = 'weft';
const origin = `${scheme}://${host}`;

/** Where the page begins. */
export const pageAddress = `${origin}/`;

/** To be called before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Answers every request under the scheme from the built page. */
export function servePages(folder: string): void {
  const pages = createPages(folder);
  protocol.handle(scheme, (request) => {
    const address = new URL(request.url);
    if (address.host !== host) return pages.say(404, 'There is no such page.');
    return pages.serve({ method: request.method, path: address.pathname });
  });
}

export function isOwnAddress(address: string): boolean {
  return address.startsWith(pageAddress);
}

/** Whether a message comes from the page itself: the window's own frame, at the page's own origin. */
export function isOwnFrame(frame: WebFrameMain | null): boolean {
  return frame !== null && frame.parent === null && frame.origin === origin && isOwnAddress(frame.url);
}
