// A page over a data directory that another Weft uses, and one whose settings could not be read.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startProgram } from '../../program.ts';
import { expect, test } from './weft.ts';

test('a page that only reads says so, offers nothing that it cannot do, and takes over when the owner has ended', async ({
  page,
  dataDirectory,
}) => {
  // Beside the one of the fixture, whose owner must live as long as the test.
  const shared = join(dataDirectory, 'shared');
  const owner = startProgram('browser.js', ['--data-dir', shared]);
  await owner.waitForLine(/^Weft is at \S+$/m);
  const reader = startProgram('browser.js', ['--data-dir', shared, '--read-only']);
  const address = (await reader.waitForLine(/^Weft is at \S+$/m)).replace('Weft is at ', '');
  try {
    await page.goto(address);
    const notice = page.getByRole('status').filter({ hasText: 'Read-only.' });
    await expect(notice).toContainText(`the browser host of Weft at http://127.0.0.1:`);
    await expect(notice).toContainText(`(process ${owner.child.pid} since `);
    await page.getByRole('link', { name: 'Train', exact: true }).click();
    await page.getByLabel('Dataset').selectOption({ label: 'Strokes' });
    const run = page.getByRole('button', { name: 'Run', exact: true });
    await expect(run).toBeDisabled();
    await page.keyboard.press('Space');
    await page.getByRole('link', { name: 'Models & runs' }).click();
    await expect(page.getByRole('button', { name: 'Open model…' })).toBeDisabled();

    owner.child.kill('SIGKILL');
    await page.getByRole('button', { name: 'Take over' }).click();
    await expect(notice).toHaveCount(0);
    await page.getByRole('link', { name: 'Train', exact: true }).click();
    await run.click();
    await expect(page.getByText(/^Batch [\d,]+ of [\d,]+$/)).toBeVisible();
  } finally {
    for (const program of [owner, reader]) program.child.kill('SIGTERM');
    await Promise.all([owner.ended, reader.ended]);
  }
});

test('settings that were set aside are spoken of until the person has seen it', async ({
  page,
  dataDirectory,
}) => {
  const broken = join(dataDirectory, 'broken');
  mkdirSync(broken);
  writeFileSync(join(broken, 'settings.json'), '{"theme":');
  const program = startProgram('browser.js', ['--data-dir', broken]);
  const address = (await program.waitForLine(/^Weft is at \S+$/m)).replace('Weft is at ', '');
  try {
    await page.goto(address);
    const notice = page.getByText(/could not be read, so the defaults are used/);
    await expect(notice).toContainText('settings.unreadable-');
    await page.reload();
    await expect(notice).toBeVisible();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await expect(notice).toHaveCount(0);
    await page.reload();
    await expect(page.getByRole('link', { name: 'Train', exact: true })).toBeVisible();
    await expect(notice).toHaveCount(0);
  } finally {
    program.child.kill('SIGTERM');
    await program.ended;
  }
});
