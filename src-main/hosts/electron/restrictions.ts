// What no page in the app may do, whatever it holds: Electron's security checklist, points 4, 5 and 12 to 15.
import { app, session } from 'electron';
import { isOwnAddress } from './ownPage.ts';

interface Navigation {
  readonly url: string;
  preventDefault: () => void;
}

function stayOnOwnPage(navigation: Navigation): void {
  if (!isOwnAddress(navigation.url)) navigation.preventDefault();
}

/** No navigation away, no new windows, no webviews. To be called before the first window is made. */
export function restrictNavigation(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', stayOnOwnPage);
    contents.on('will-frame-navigate', stayOnOwnPage);
    contents.on('will-redirect', stayOnOwnPage);
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}

/** Copying text, at the person's own click, is all that the page may do of what asks for permission. */
const allowedPermission = 'clipboard-sanitized-write';

/** No camera, notifications, devices or anything else that asks. To be called when the app is ready. */
export function restrictPermissions(): void {
  const { defaultSession } = session;
  const mayUse = (permission: string, address: string): boolean =>
    permission === allowedPermission && isOwnAddress(address);
  defaultSession.setPermissionRequestHandler((_contents, permission, decide, { requestingUrl }) =>
    decide(mayUse(permission, requestingUrl)),
  );
  defaultSession.setPermissionCheckHandler((_contents, permission, origin) =>
    mayUse(permission, origin.endsWith('/') ? origin : `${origin}/`),
  );
  defaultSession.setDevicePermissionHandler(() => false);
}
