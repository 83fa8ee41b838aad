// Which of OpenBLAS's kernels suit the processor that the benchmarks run on.
import { readFileSync } from 'node:fs';
import { fastestCoreType } from './results.mjs';

function processorFeatures() {
  if (process.platform !== 'linux') return undefined;
  return /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1].trim().split(/\s+/);
}

/** For OPENBLAS_CORETYPE; undefined where nothing says that chosen kernels would run. */
export const coreType = fastestCoreType(process.arch, processorFeatures());
