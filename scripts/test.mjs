// `npm test`: sets up what the tests need and runs all of them; `npm test -- unit e2e` runs those stages only.
// The last line is `N passed, N failed, N skipped`; the exit status is 1 when anything failed.
import { prepare } from './prepare.mjs';
import { runStage } from './testing/runStage.mjs';
import { stages } from './testing/stages.mjs';
import { installSystemPackages } from './testing/systemPackages.mjs';

const chosen = process.argv.slice(2);
const known = [...new Set(stages.map((stage) => stage.stage))];
const unknown = chosen.find((name) => !known.includes(name));
if (unknown !== undefined) {
  console.error(`There is no stage "${unknown}"; the stages are ${known.join(', ')}.`);
  process.exit(2);
}

const total = { passed: 0, failed: 0, skipped: 0 };
const notes = [];
const failures = [];

function fail(failure) {
  total.failed += 1;
  failures.push(failure);
}

/** Whether it went well; a set-up that fails counts as one failed test. */
async function setUp(step) {
  try {
    await prepare(step);
    return true;
  } catch (error) {
    fail(`set-up: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

async function runAndReport(stage) {
  const result = await runStage(stage);
  total.passed += result.passed;
  total.failed += result.failed;
  total.skipped += result.skipped.length;
  for (const { name, reason } of result.skipped)
    notes.push(reason === undefined ? name : `${name} (${reason})`);
  const counts = `${result.passed} passed, ${result.failed} failed, ${result.skipped.length} skipped`;
  if (result.failed > 0) {
    console.log(`\n---- ${stage.title} ----\n${result.output.trimEnd()}\n----`);
    failures.push(`${stage.title}: ${counts}${result.problem ? ` (${result.problem})` : ''}`);
  }
  console.log(`${stage.title.padEnd(16)} ${counts}, ${result.seconds.toFixed(0)} s`);
}

async function runAll() {
  const selected = stages.filter((one) => chosen.length === 0 || chosen.includes(one.stage));
  notes.push(...installSystemPackages());
  if (!(await setUp({ build: false }))) return;
  const isBuilt = !selected.some((one) => one.needsBuild) || (await setUp({ build: true }));
  const sharing = selected.filter((stage) => stage.sharesMachine);
  const runSharing = async () => {
    for (let stage = sharing.shift(); stage !== undefined; stage = sharing.shift()) await runAndReport(stage);
  };
  await Promise.all([runSharing(), runSharing()]);
  for (const stage of selected.filter((one) => !one.sharesMachine)) {
    if (stage.needsBuild && !isBuilt) fail(`${stage.title}: not run, as the build failed`);
    else await runAndReport(stage);
  }
}

await runAll();
if (notes.length > 0) console.log(`\nSkipped, and why:\n${notes.map((note) => `  ${note}`).join('\n')}`);
if (failures.length > 0) console.log(`\nFailed:\n${failures.map((failure) => `  ${failure}`).join('\n')}`);
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 ? 1 : 0;
