// What `npm test` runs, in order. Type checks and lint are one test each; the others count their own.
import { join } from 'node:path';
import { readPlaywrightReport, readVitestReport } from './reports.mjs';

const modules = join(import.meta.dirname, '../../node_modules');
const reportFile = (name) => join(import.meta.dirname, `../../test-results/${name}.json`);

const npmScript = (stage, script) => ({
  stage,
  title: script,
  command: process.platform === 'win32' ? ['npm.cmd', 'run', '-s', script] : ['npm', 'run', '-s', script],
  limitMinutes: 8,
});

const vitest = (project) => ({
  stage: project,
  title: project,
  command: [
    process.execPath,
    join(modules, 'vitest/vitest.mjs'),
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportFile(project)}`,
  ],
  limitMinutes: 10,
  report: { file: reportFile(project), read: readVitestReport },
});

const playwright = (project) => ({
  stage: 'e2e',
  title: `e2e in ${project}`,
  command: [
    process.execPath,
    join(modules, '@playwright/test/cli.js'),
    'test',
    '--project',
    project,
    '--reporter=list,json',
  ],
  environment: { PLAYWRIGHT_JSON_OUTPUT_FILE: reportFile(`e2e-${project}`) },
  limitMinutes: 10,
  report: { file: reportFile(`e2e-${project}`), read: readPlaywrightReport },
});

/**
 * `stage` is the name that selects it on the command line. Those that `sharesMachine` keep one core busy or little more and
 * measure nothing: they run in pairs, the longest first.
 */
export const stages = [
  { ...vitest('unit'), sharesMachine: true },
  { ...npmScript('lint', 'lint'), sharesMachine: true },
  { ...npmScript('types', 'check:shared'), sharesMachine: true },
  { ...npmScript('types', 'check:main'), sharesMachine: true },
  { ...npmScript('types', 'check:renderer'), sharesMachine: true },
  { ...vitest('integration'), needsBuild: true },
  { ...vitest('faults'), needsBuild: true },
  { ...playwright('browser'), needsBuild: true },
  { ...playwright('electron'), needsBuild: true },
];
