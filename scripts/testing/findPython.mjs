// Which Python has a module: the tests compare numbers with NumPy's and PyTorch's.
import { spawnSync } from 'node:child_process';

/** On the PATH there may be another one than the system's, to which packages of the system don't belong. */
const programs = process.platform === 'win32' ? ['py', 'python'] : ['python3', '/usr/bin/python3'];

/** The first Python that can import the module, as a program to start; undefined where there is none. */
export function findPython(module) {
  return programs.find(
    (program) => spawnSync(program, ['-c', `import ${module}`], { stdio: 'ignore' }).status === 0,
  );
}
