// Finds the Pythons of the benchmark's peers.
import { spawnSync } from 'node:child_process';

/** Debian's packages are for its own Python, and the one in the path may be another. */
const programs = ['/usr/bin/python3', 'python3', 'python'];

/** The first Python that has a module, and both versions. Throws the reason when there is none. */
export function findPython(module, debianPackage) {
  const print = `import platform, ${module}; print(platform.python_version(), ${module}.__version__)`;
  for (const program of programs) {
    const { status, stdout } = spawnSync(program, ['-c', print], { encoding: 'utf8' });
    if (status !== 0) continue;
    const [python, version] = stdout.trim().split('\n').at(-1).split(' ');
    return { program, python, version };
  }
  throw new Error(`no Python here has the module ${module} (on Debian: ${debianPackage})`);
}
