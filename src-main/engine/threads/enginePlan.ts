import type { FloatArray, Region } from '../region.ts';
import { kernelBuildNamed } from '../kernels/select.ts';
import { planNetwork, type NetworkPlan, type NetworkSpecification } from '../network.ts';
import { planControl, type Control } from './control.ts';

/** Everything that an engine's plan depends on; sent to each thread, which then plans the same. */
export interface EngineSpecification {
  network: NetworkSpecification;
  threads: number;
  /** The name of the kernel build. */
  kernels: string;
}

export interface EnginePlan extends NetworkPlan {
  control: Control;
  /** Each thread's own: what its kernels need, and what its operations do. */
  kernelScratch: Region<Uint8Array>[];
  scratch: Region<FloatArray>[];
}

/** The network, and what threads need beside it. Throws `recipe.invalid` and `layer.impossible`. */
export function planEngine({ network, threads, kernels }: EngineSpecification): EnginePlan {
  const plan = planNetwork(network);
  const { scratchBytes } = kernelBuildNamed(kernels);
  const forEachThread = <T>(reserve: () => T): T[] => Array.from({ length: threads }, reserve);
  return {
    ...plan,
    control: planControl(plan.arena),
    kernelScratch: forEachThread(() => plan.arena.bytes(scratchBytes)),
    scratch: forEachThread(() => plan.arena.numbers(plan.scratchLength)),
  };
}
