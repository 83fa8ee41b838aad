// `npm run test:faults`: the whole campaign of faults, of which `npm test` runs a short form. What was done and seen is
// printed at the end. `-- trainingKilled` runs one part of it (a file of tests/faults).
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepare } from './prepare.mjs';

const root = join(import.meta.dirname, '..');
const report = join(root, 'test-results', 'faults.txt');

try {
  await prepare({ build: true });
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
mkdirSync(join(root, 'test-results'), { recursive: true });
rmSync(report, { force: true });
writeFileSync(report, '');
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', '--project', 'faults', ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, WEFT_FAULTS: 'campaign', WEFT_FAULTS_REPORT: report },
  },
);
console.log(`\n${readFileSync(report, 'utf8')}`);
process.exitCode = status ?? 1;
