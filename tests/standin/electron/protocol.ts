// Custom schemes. Chromium knows none of them, so `app://weft/path` is loaded as `https://weft.app.standin.invalid/path`
// and answered by the handler of the scheme; whatever is reported to the app carries the app's own address again.

type Handler = (request: Request) => Response | Promise<Response>;

interface SchemePrivileges {
  scheme: string;
  privileges?: Record<string, boolean>;
}

const suffix = 'standin.invalid';
const handlers = new Map<string, Handler>();
const schemes = new Map<string, Record<string, boolean>>();
const addressPattern = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/;

export const protocol = {
  registerSchemesAsPrivileged(customSchemes: readonly SchemePrivileges[]): void {
    for (const { scheme, privileges = {} } of customSchemes) schemes.set(scheme, privileges);
  },
  handle(scheme: string, handler: Handler): void {
    if (handlers.has(scheme)) throw new Error(`The scheme has been registered`);
    handlers.set(scheme, handler);
  },
  isProtocolHandled: (scheme: string): boolean => handlers.has(scheme),
};

/** What the app was told a scheme may do, for the tests. */
export const privilegesOf = (scheme: string): Record<string, boolean> | undefined => schemes.get(scheme);

/** `app://weft/x` as Chromium loads it; any other address as it is. */
export function toChromiumAddress(address: string): string {
  const [, scheme = '', host = '', rest = ''] = addressPattern.exec(address) ?? [];
  return schemes.has(scheme) ? `https://${host}.${scheme}.${suffix}${rest || '/'}` : address;
}

/** The address as the app knows it. */
export function toAppAddress(address: string): string {
  const [, scheme, host = '', rest = ''] = addressPattern.exec(address) ?? [];
  if (scheme !== 'https' || !host.endsWith(`.${suffix}`)) return address;
  const labels = host.slice(0, -suffix.length - 1).split('.');
  const custom = labels.pop() ?? '';
  return `${custom}://${labels.join('.')}${rest || '/'}`;
}

/** The origin of an address as Electron reports it: custom standard schemes have one as well. */
export function originOf(address: string): string {
  const [, scheme = '', host = ''] = addressPattern.exec(address) ?? [];
  return host === '' ? 'null' : `${scheme}://${host}`;
}

/** The answer of the scheme's handler; undefined where no scheme of the app is concerned. */
export async function answerByScheme(
  address: string,
  method: string,
  headers: Record<string, string>,
): Promise<Response | undefined> {
  const handler = handlers.get(addressPattern.exec(address)?.[1] ?? '');
  if (handler === undefined) return undefined;
  const request = new Request(address, { method, headers });
  return await handler(request);
}
