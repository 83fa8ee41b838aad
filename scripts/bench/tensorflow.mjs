// TensorFlow.js for the benchmark. It is larger than Weft's own packages together and only the benchmark wants it, so
// it is installed when it is first compared with, in a folder of its own under node_modules.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const tensorflowVersion = '4.22.0';
const packages = ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm'];

function isInstalled(folder, name) {
  try {
    const { version } = JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8'));
    return version === tensorflowVersion;
  } catch {
    return false;
  }
}

/** The folder that TensorFlow.js is installed in, after installing it where that is needed. Throws the reason why not. */
export function installTensorflow(root) {
  const folder = join(root, 'node_modules', '.cache', 'weft-bench');
  if (packages.every((name) => isInstalled(folder, name))) return folder;
  console.error(`Installing TensorFlow.js ${tensorflowVersion} (300 MB) for the comparison …`);
  mkdirSync(folder, { recursive: true });
  const args = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  args.push('--prefix', folder, ...packages.map((name) => `${name}@${tensorflowVersion}`));
  // npm tells the scripts it runs where its own program is; run directly, it is found by name.
  const npm = process.env.npm_execpath;
  const options = { cwd: folder, encoding: 'utf8' };
  const { status, stderr } = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
  if (status === 0) return folder;
  const reason = stderr?.split('\n').find((line) => line.includes('error')) ?? "npm doesn't start";
  throw new Error(`TensorFlow.js ${tensorflowVersion} can't be installed: ${reason.trim()}`);
}
