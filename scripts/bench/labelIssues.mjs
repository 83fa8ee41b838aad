// `npm run bench -- --label-issues`: labels of Fashion-MNIST are exchanged at random, and cross-validation has to find them.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const flips = 500;
const seed = 1;
/** Of the flipped labels, within the first that are listed. */
const goal = 0.7;

/** Runs it and prints what was found; throws what the program says. */
export function benchLabelIssues({ out, data }) {
  const args = [join(out, 'main/benchLabelIssues.js'), data, flips, seed].map(String);
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr.trim());
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const { listed, looked, found, confident, estimated } = lines.at(-1);
  const count = (number) => number.toLocaleString('en-US');
  const percent = (share) => `${(share * 100).toFixed(1)} %`;
  console.log(`${flips} of 60,000 labels of Fashion-MNIST exchanged at random, seed ${seed}`);
  for (const { fold, accuracy, seconds } of lines.slice(0, -1))
    console.log(`  fold ${fold}: ${percent(accuracy)} right, ${seconds.toFixed(1)} s`);
  console.log(
    `found within the first ${count(looked)} of ${count(listed)} listed: ${found} of ${flips}, ${percent(found / flips)} (goal: ${percent(goal)})`,
  );
  console.log(
    `in the confident joint off its diagonal: ${confident} of ${flips}; wrong labels by its estimate: ${count(Math.round(estimated))}`,
  );
}
