import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createAccess, type Access } from '../../../../src-main/hosts/browser/access.ts';

const host = '127.0.0.1:4000';
const origin = `http://${host}`;

function admitted(access: Access): IncomingHttpHeaders {
  const target = access.address.slice(access.origin.length);
  const decision = access.judgePage({ target, headers: { host } });
  if (decision.kind !== 'admit') throw new Error('The token was not taken.');
  return { host, cookie: decision.cookie.split(';', 1)[0] };
}

describe('access to the browser host', () => {
  it('exchanges the token for a cookie that scripts and other sites never get', () => {
    const access = createAccess(4000);
    expect(access.address).toMatch(/^http:\/\/127\.0\.0\.1:4000\/\?token=[\w-]{43}$/);
    const decision = access.judgePage({ target: access.address.slice(origin.length), headers: { host } });
    expect(decision).toEqual({
      kind: 'admit',
      cookie: expect.stringMatching(/^weft-4000=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/) as string,
    });
    expect(JSON.stringify(decision)).not.toContain(access.address.split('=')[1]);
  });

  it('allows pages and the socket to those who hold the cookie', () => {
    const access = createAccess(4000);
    const headers = admitted(access);
    expect(access.judgePage({ target: '/assets/main.js?x=1', headers })).toEqual({
      kind: 'allow',
      path: '/assets/main.js',
    });
    expect(access.judgeSocket({ target: '/contract', headers: { ...headers, origin } }).kind).toBe('allow');
  });

  it('takes other cookies of the machine for what they are', () => {
    const access = createAccess(4000);
    const { cookie } = admitted(access);
    const crowd = { host, cookie: `a=b; weft-4001=zzz; ${cookie ?? ''}; c=d` };
    expect(access.judgePage({ target: '/', headers: crowd }).kind).toBe('allow');
    const stranger = { host, cookie: admitted(createAccess(4000)).cookie };
    expect(access.judgePage({ target: '/', headers: stranger }).kind).toBe('refuse');
  });

  it.each([
    ['no token', '/'],
    ['an empty token', '/?token='],
    ['a wrong token', `/?token=${'A'.repeat(43)}`],
    ['a token at another path', '/assets/?token='],
  ])('refuses %s', (_what, target) => {
    const access = createAccess(4000);
    expect(access.judgePage({ target, headers: { host } })).toMatchObject({ kind: 'refuse', status: 403 });
  });

  it.each([
    undefined,
    'localhost:4000',
    '127.0.0.1',
    '127.0.0.1:4001',
    'evil.example:4000',
    '127.0.0.1:4000.evil',
  ])('refuses the host %s, whatever else is right', (wrongHost) => {
    const access = createAccess(4000);
    const headers: IncomingHttpHeaders = { ...admitted(access), origin };
    if (wrongHost === undefined) delete headers.host;
    else headers.host = wrongHost;
    const target = access.address.slice(origin.length);
    expect(access.judgePage({ target, headers })).toMatchObject({ kind: 'refuse', status: 421 });
    expect(access.judgeSocket({ target: '/contract', headers })).toMatchObject({ kind: 'refuse' });
  });

  it.each([
    'null',
    'http://localhost:4000',
    'https://127.0.0.1:4000',
    'http://127.0.0.1:4001',
    'http://evil.example',
    '',
  ])('refuses the origin %j, whatever else is right', (wrongOrigin) => {
    const access = createAccess(4000);
    const headers = { ...admitted(access), origin: wrongOrigin };
    expect(access.judgePage({ target: '/', headers })).toMatchObject({ kind: 'refuse', status: 403 });
    expect(access.judgeSocket({ target: '/contract', headers })).toMatchObject({
      kind: 'refuse',
      status: 403,
    });
  });

  it('refuses the socket without an origin, without the cookie, or at another path', () => {
    const access = createAccess(4000);
    const headers = admitted(access);
    expect(access.judgeSocket({ target: '/contract', headers }).kind).toBe('refuse');
    expect(access.judgeSocket({ target: '/contract', headers: { host, origin } }).kind).toBe('refuse');
    expect(access.judgeSocket({ target: '/other', headers: { ...headers, origin } })).toMatchObject({
      kind: 'refuse',
      status: 404,
    });
  });

  it('refuses a target that names a whole address', () => {
    const access = createAccess(4000);
    const headers = admitted(access);
    expect(access.judgePage({ target: 'http://evil.example/', headers }).kind).toBe('refuse');
  });
});
