// What the tests use of the machine beyond Node: a browser, a data set, NumPy and PyTorch as referees, strace. Debian as root
// gets them with apt; elsewhere the person is told the command, and the tests that need them are skipped.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findChromium } from '../findChromium.mjs';
import { findPython } from './findPython.mjs';

const needs = [
  {
    aptPackage: 'chromium',
    isThere: () => findChromium() !== undefined,
    missing: 'No Chromium or Chrome was found, so the tests that drive a browser are skipped',
    commands: { darwin: 'brew install --cask chromium', win32: 'winget install Google.Chrome' },
    elsewhere: 'install Chromium, or set CHROMIUM_PATH to its executable',
  },
  {
    aptPackage: 'dataset-fashion-mnist',
    isThere: () => existsSync('/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz'),
    missing:
      'Fashion-MNIST is not in /usr/share/datasets/fashion-mnist, so the tests that train on it are skipped',
    commands: {},
    elsewhere: "put the set's four .gz files into that folder",
  },
  {
    aptPackage: 'python3-numpy',
    isThere: () => findPython('numpy') !== undefined,
    missing: 'python3 has no NumPy, so the tests that compare numbers with it are skipped',
    commands: { darwin: 'python3 -m pip install numpy', win32: 'py -m pip install numpy' },
    elsewhere: 'install NumPy for python3',
  },
  {
    aptPackage: 'python3-torch',
    isThere: () => findPython('torch') !== undefined,
    missing:
      'No Python here has PyTorch, so Weft is compared with the checked-in numbers of PyTorch, and not with PyTorch itself',
    commands: { darwin: 'python3 -m pip install torch', win32: 'py -m pip install torch' },
    elsewhere: 'install PyTorch for python3',
  },
  {
    aptPackage: 'strace',
    isThere: () => process.platform !== 'linux' || spawnSync('strace', ['-V']).status === 0,
    missing: 'strace is not here, so the tests that let calls of the system fail are skipped',
    commands: {},
    elsewhere: 'install strace',
  },
];

const isDebian = existsSync('/etc/debian_version');
const isRoot = process.getuid?.() === 0;

function apt(...args) {
  const result = spawnSync('apt-get', args, {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    encoding: 'utf8',
  });
  if (result.status !== 0)
    console.log(`apt-get ${args.join(' ')} failed:\n${result.stderr ?? result.error?.message}`);
  return result.status === 0;
}

function commandFor(need) {
  const command = isDebian ? `sudo apt-get install ${need.aptPackage}` : need.commands[process.platform];
  return command === undefined ? need.elsewhere : `run: ${command}`;
}

/** Installs what is missing where that is possible. Returns a sentence for each thing that stays missing. */
export function installSystemPackages() {
  const missing = needs.filter((need) => !need.isThere());
  if (missing.length > 0 && isDebian && isRoot) {
    console.log(`Installing with apt-get: ${missing.map((need) => need.aptPackage).join(', ')}`);
    if (apt('update', '-q')) {
      for (const need of missing) apt('install', '-q', '-y', '--no-install-recommends', need.aptPackage);
    }
  }
  return missing.filter((need) => !need.isThere()).map((need) => `${need.missing} (${commandFor(need)}).`);
}
