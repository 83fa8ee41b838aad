// What a download needs of `fetch`, so that each host can give the one that knows the system's proxies: Electron's
// `net.fetch` on the desktop, `environmentFetch` elsewhere.

export interface FetchOptions {
  headers: Record<string, string>;
  signal: AbortSignal;
  /** Redirects in a circle are ended by fetch itself, after 20 of them. */
  redirect: 'follow';
  cache: 'no-store';
}

export interface FetchResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: { get(name: string): string | null };
  readonly body: (AsyncIterable<Uint8Array> & { cancel(): Promise<void> }) | null;
}

export type Fetch = (url: string, options: FetchOptions) => Promise<FetchResponse>;

const proxyVariables = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy'];

let throughProxy: Promise<Fetch> | undefined;

async function makeProxyFetch(): Promise<Fetch> {
  const { EnvHttpProxyAgent, fetch: fetchWith } = await import('undici');
  // Reads HTTP_PROXY, HTTPS_PROXY and NO_PROXY, in small letters as well.
  // Many proxies give tunnels for encrypted connections alone; others they forward.
  const dispatcher = new EnvHttpProxyAgent({ proxyTunnel: false });
  return (url, options) => fetchWith(url, { ...options, dispatcher });
}

/** Node's own fetch, through the proxies that the environment names; Node by itself does not look for them. */
export const environmentFetch: Fetch = async (url, options) => {
  if (!proxyVariables.some((name) => (process.env[name] ?? '') !== '')) return fetch(url, options);
  throughProxy ??= makeProxyFetch();
  return (await throughProxy)(url, options);
};
