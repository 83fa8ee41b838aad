// What the tests of Evaluate and Errors share: the command line beside the page, and the matrix that the page shows.
import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { runProgram } from '../../program.ts';
import { expect } from './weft.ts';

/** The objects that the command line prints with `--json`. */
export async function weftObjects(
  dataDirectory: string,
  ...args: string[]
): Promise<Record<string, unknown>[]> {
  const all = [...args, '--json', '--data-dir', dataDirectory];
  const { status, stdout, stderr } = await runProgram('cli.js', all);
  expect(status, stderr).toBe(0);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

export const matrixOf = (page: Page): Locator => page.getByRole('grid', { name: /^Confusion matrix/ });

/** Of the matrix, row by row. */
export const cellsOf = (page: Page): Locator =>
  matrixOf(page).getByRole('gridcell', { name: /^\d+ of \d+ \d images/ });

/** The counts that the page shows, of ten classes that are digits. */
export async function readMatrix(page: Page): Promise<number[][]> {
  const cells = await cellsOf(page).allTextContents();
  expect(cells).toHaveLength(100);
  const counts = cells.map((text) => Number(text.trim().replaceAll(',', '') || 0));
  return Array.from({ length: 10 }, (_, row) => counts.slice(row * 10, row * 10 + 10));
}

/** The text of the file that pressing the button hands over. */
export async function downloadedBy(page: Page, button: string): Promise<string> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: button }).click();
  return readFileSync(await (await download).path(), 'utf8');
}
