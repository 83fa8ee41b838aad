import type { Region } from '../arena.ts';
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
  /** Each thread's own, for its kernels. */
  scratch: Region<Uint8Array>[];
}

/** The network, and what threads need beside it. Throws `recipe.invalid`. */
export function planEngine({ network, threads, kernels }: EngineSpecification): EnginePlan {
  const plan = planNetwork(network);
  const { scratchBytes } = kernelBuildNamed(kernels);
  return {
    ...plan,
    control: planControl(plan.arena),
    scratch: Array.from({ length: threads }, () => plan.arena.bytes(scratchBytes)),
  };
}
