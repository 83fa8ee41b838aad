// Counts out of the test runners' JSON reports. Each count is `{ passed, failed, skipped }`, `skipped` a list of
// `{ name, reason }`.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const root = `${import.meta.dirname}/../..`;

/** Vitest's JSON report; a file that can't be loaded is one failure. A skipped test's name states its reason. */
export function readVitestReport(file) {
  const counts = { passed: 0, failed: 0, skipped: [] };
  for (const suite of JSON.parse(readFileSync(file, 'utf8')).testResults) {
    if (suite.status === 'failed' && !suite.assertionResults.some((test) => test.status === 'failed')) {
      counts.failed += 1;
    }
    for (const test of suite.assertionResults) {
      if (test.status === 'passed') counts.passed += 1;
      else if (test.status === 'failed') counts.failed += 1;
      else
        counts.skipped.push({ name: `${relative(root, suite.name)}: ${test.fullName}`, reason: undefined });
    }
  }
  return counts;
}

/** Playwright's JSON report; the reason of a skipped test is the description given to `test.skip`. */
export function readPlaywrightReport(file) {
  const counts = { passed: 0, failed: 0, skipped: [] };
  const report = JSON.parse(readFileSync(file, 'utf8'));
  counts.failed += report.errors.length;
  const visit = (suite) => {
    suite.suites?.forEach(visit);
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) {
        if (test.status === 'expected') counts.passed += 1;
        else if (test.status === 'skipped') {
          const reason = test.annotations.find((annotation) => annotation.type === 'skip')?.description;
          counts.skipped.push({ name: `${test.projectName}: ${spec.title}`, reason });
        } else counts.failed += 1;
      }
    }
  };
  report.suites.forEach(visit);
  return counts;
}
