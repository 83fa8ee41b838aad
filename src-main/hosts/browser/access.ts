// Who may talk to the browser host. Other programs and other web pages on this machine can reach 127.0.0.1 as well, so
// every request must name this host exactly, come from this host's own page and carry the secret of this launch.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export interface AccessRequest {
  /** The request's target as it stands in the request line: `/?token=…`. */
  target: string;
  headers: IncomingHttpHeaders;
}

export type Decision =
  | { kind: 'allow'; path: string }
  /** The token was right: give the cookie, go on at the clean address. */
  | { kind: 'admit'; cookie: string }
  | { kind: 'refuse'; status: number; sentence: string };

export interface Access {
  /** `http://127.0.0.1:4000`, the only origin there is. */
  origin: string;
  /** The address for the person; the token in it is good as long as this launch lasts. */
  address: string;
  /** Judges a request for a page. */
  judgePage(request: AccessRequest): Decision;
  /** Judges the upgrade to the contract's WebSocket. */
  judgeSocket(request: AccessRequest): Decision;
}

const secretBytes = 32;
/** Where the page opens its WebSocket. */
export const contractPath = '/contract';

const createSecret = (): string => randomBytes(secretBytes).toString('base64url');

function isSame(given: string, secret: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(secret);
  return a.byteLength === b.byteLength && timingSafeEqual(a, b);
}

function cookieOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const cookies = (headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
  return cookies.find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** The rules for a host on this port, with secrets of its own. */
export function createAccess(port: number): Access {
  // Browsers leave out the port of the scheme.
  const host = port === 80 ? '127.0.0.1' : `127.0.0.1:${port}`;
  const origin = `http://${host}`;
  const token = createSecret();
  const session = createSecret();
  // Cookies don't tell ports apart: the name keeps two launches from taking each other's.
  const cookieName = `weft-${port}`;

  function refuseStranger({ target, headers }: AccessRequest): Decision | undefined {
    if (headers.host !== host || !target.startsWith('/')) {
      return { kind: 'refuse', status: 421, sentence: `Weft answers at ${origin}/ only.` };
    }
    if (headers.origin !== undefined && headers.origin !== origin) {
      return { kind: 'refuse', status: 403, sentence: 'Weft does not talk to other pages.' };
    }
    return undefined;
  }

  const hasSession = (headers: IncomingHttpHeaders): boolean => {
    const given = cookieOf(headers, cookieName);
    return given !== undefined && isSame(given, session);
  };
  const refuseUnknown: Decision = {
    kind: 'refuse',
    status: 403,
    sentence: 'This needs the whole address, with its token, that Weft printed when it was started.',
  };

  return {
    origin,
    address: `${origin}/?token=${token}`,
    judgePage(request) {
      const refusal = refuseStranger(request);
      if (refusal !== undefined) return refusal;
      const [path = '', query = ''] = request.target.split('?', 2);
      const given = path === '/' ? new URLSearchParams(query).get('token') : null;
      if (given !== null && isSame(given, token)) {
        return { kind: 'admit', cookie: `${cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/` };
      }
      return hasSession(request.headers) ? { kind: 'allow', path } : refuseUnknown;
    },
    judgeSocket(request) {
      const refusal = refuseStranger(request);
      if (refusal !== undefined) return refusal;
      if (request.headers.origin === undefined || !hasSession(request.headers)) return refuseUnknown;
      if (request.target === contractPath) return { kind: 'allow', path: contractPath };
      return { kind: 'refuse', status: 404, sentence: 'There is no such socket.' };
    },
  };
}
