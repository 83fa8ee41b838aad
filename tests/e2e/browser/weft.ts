// A Weft of its own for each test: the built browser host over an empty data directory, and a page that must not
// report an error.
import { test as base, expect } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from '../../../scripts/findChromium.mjs';
import { startProgram } from '../../program.ts';

export { expect };

interface WeftFixtures {
  /** Skips the test where there is no browser. */
  needsBrowser: undefined;
  dataDirectory: string;
  /** The address to open, its token included. Fill the data directory before asking for it. */
  address: string;
}

export const test = base.extend<WeftFixtures>({
  needsBrowser: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the fixtures needed from the pattern.
    async ({}, use, testInfo) => {
      testInfo.skip(findChromium() === undefined, 'there is no Chromium or Chrome');
      await use(undefined);
    },
    { auto: true },
  ],

  // eslint-disable-next-line no-empty-pattern -- Playwright reads the fixtures needed from the pattern.
  dataDirectory: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'weft-e2e-'));
    await use(folder);
    rmSync(folder, { recursive: true, force: true });
  },

  address: async ({ dataDirectory }, use) => {
    const program = startProgram('browser.js', ['--data-dir', dataDirectory]);
    const line = await program.waitForLine(/^Weft is at \S+$/m);
    await use(line.replace('Weft is at ', ''));
    program.child.kill('SIGTERM');
    await program.ended;
  },

  // After the address, so that the page is done before its host ends.
  page: async ({ address, page }, use) => {
    const faults: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    page.on('pageerror', (error) => faults.push(error.message));
    await use(page);
    expect(faults, `errors in the page at ${address}`).toEqual([]);
  },
});
