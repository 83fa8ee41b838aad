import { afterAll, beforeAll, expect, it } from 'vitest';
import { runDownloadCampaign } from './downloadCampaign.ts';
import { startFaultyServer, type FaultyServer } from './faultyServer.ts';

/** `WEFT_CAMPAIGNS=500` runs that many. */
const campaigns = Number(process.env['WEFT_CAMPAIGNS'] ?? 12);
/** An attempt waits for the idle time-out of two mirrors and four files at most, and there are five of them. */
const limitMs = 20_000 + campaigns * 5000;

let server: FaultyServer;
beforeAll(async () => {
  server = await startFaultyServer();
});
afterAll(() => server.close());

it(
  'whatever mirrors do, no set that is listed as ready is wrong, and each is whole in the end',
  async () => {
    let failed = 0;
    for (let seed = 1; seed <= campaigns; seed += 1) failed += await runDownloadCampaign(server, seed);
    // Faults that no attempt failed at would prove nothing.
    expect(failed).toBeGreaterThan(campaigns / 2);
  },
  limitMs,
);
