// What every script does before its own work: checks Node, installs the packages when the lockfile asks for others
// than there are, builds when a source has changed. Plain Node, as nothing is installed yet when it runs.
// All it says goes to standard error: standard output belongs to the program that is prepared.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { exclusively } from './exclusively.mjs';

const root = join(import.meta.dirname, '..');
const stampFile = join(root, 'out', 'sources.sha256');
/** Outside of all that npm or the build remove. */
const lockFolder = join(root, 'out', 'lock');
const oldestNode = [20, 19];

/** Files and folders whose content decides the build. */
const sources = [
  'src-shared',
  'src-main',
  'src-renderer',
  'tests/bench/weftAutosave.ts',
  'tests/bench/weftEpochs.ts',
  'electron.vite.config.ts',
  'scripts/assemblyPlugin.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.base.json',
];
/** A build that lacks one of these is not complete, whatever its stamp says. */
const programs = [
  'main/electron.js',
  'main/browser.js',
  'main/cli.js',
  'main/training.js',
  'main/worker.js',
  'preload/preload.cjs',
  'renderer/index.html',
];

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [oldestMajor, oldestMinor] = oldestNode;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new Error(
    `Weft needs Node ${oldestNode.join('.')} or newer, and this is Node ${process.versions.node}.`,
  );
}

/**
 * Whether every package of the lockfile is installed in its version. npm lists what it has installed beside the
 * packages, last of all, so an installation that was interrupted has no list. Optional packages of other platforms
 * are not in it.
 */
export function areInstalled(lockfile, installed) {
  return Object.entries(lockfile.packages).every(([place, wanted]) => {
    if (place === '' || wanted.link) return true;
    const found = installed.packages[place];
    if (found === undefined)
      return Boolean(wanted.optional || wanted.devOptional || wanted.peer || wanted.extraneous);
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

function arePackagesInstalled() {
  const installedList = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedList)) return false;
  return areInstalled(readJson(join(root, 'package-lock.json')), readJson(installedList));
}

function install() {
  console.error('Installing the packages …');
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  // npm tells the scripts it runs where its own program is; run directly, it is found by name.
  const npm = process.env.npm_execpath;
  const options = { cwd: root, stdio: ['ignore', 2, 2] };
  const { status } = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
  if (status !== 0) throw new Error('The packages could not be installed; see what npm says above.');
}

function* filesIn(path) {
  const entries = readdirSync(path, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.isDirectory()) yield* filesIn(join(path, entry.name));
    else yield join(path, entry.name);
  }
}

/** Changes when a source is changed, added, removed or renamed. */
function hashSources() {
  const hash = createHash('sha256');
  for (const source of sources) {
    const path = join(root, source);
    for (const file of source.startsWith('src-') ? filesIn(path) : [path]) {
      const content = readFileSync(file);
      hash.update(`${relative(root, file).replaceAll('\\', '/')}\n${content.byteLength}\n`).update(content);
    }
  }
  return hash.digest('hex');
}

function isBuilt(hash) {
  if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== hash) return false;
  return programs.every((program) => existsSync(join(root, 'out', program)));
}

function build(hash) {
  console.error('Building …');
  rmSync(stampFile, { force: true });
  const electronVite = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [electronVite, 'build'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0)
    throw new Error(`${stdout}${stderr}\nWeft could not be built; see what the build says above.`);
  mkdirSync(join(root, 'out'), { recursive: true });
  writeFileSync(stampFile, hash);
}

function tellOfOther(processId) {
  console.error(
    `Another start of Weft is installing or building here (process ${processId}); waiting for it …`,
  );
}

/**
 * Installs what is missing and, with `build`, builds when a source has changed since the last build.
 * Throws an Error with a sentence for the person; what npm or the build say goes to standard error before it.
 */
export async function prepare({ build: shallBuild }) {
  checkNode();
  const isReady = () => arePackagesInstalled() && (!shallBuild || isBuilt(hashSources()));
  if (isReady()) return;
  await exclusively(lockFolder, tellOfOther, () => {
    // The one that was waited for may have done it all.
    if (!arePackagesInstalled()) install();
    if (!shallBuild) return;
    const hash = hashSources();
    if (!isBuilt(hash)) build(hash);
  });
}
