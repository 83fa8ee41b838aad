// Electron's fetch is Chromium's; here it is Node's, with the requests noted.
const fetched: string[] = [];

export const net = {
  fetch: (input: string | Request, init?: RequestInit): Promise<Response> => {
    fetched.push(typeof input === 'string' ? input : input.url);
    return fetch(input, init);
  },
};

/** The addresses that the app asked for, for the tests. */
export const fetchedAddresses = (): readonly string[] => fetched;
