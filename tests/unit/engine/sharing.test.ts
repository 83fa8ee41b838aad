import { describe, expect, it } from 'vitest';
import { SharingTrial } from '../../../src-main/engine/threads/sharing.ts';

/** How many of the steps were shared, when a step takes so long shared and alone. */
function sharedSteps(trial: SharingTrial, steps: number, sharedMs: number, aloneMs: number): number {
  let shared = 0;
  for (let step = 0; step < steps; step += 1) {
    if (trial.isShared) shared += 1;
    trial.record(trial.isShared ? sharedMs : aloneMs);
  }
  return shared;
}

describe('the trial of sharing work among threads', () => {
  it('shares nearly every step where that is faster', () => {
    expect(sharedSteps(new SharingTrial(), 5000, 0.5, 0.9)).toBeGreaterThan(4900);
  });

  it('shares few steps where threads wait for each other', () => {
    expect(sharedSteps(new SharingTrial(), 5000, 9, 0.9)).toBeLessThan(100);
  });

  it('comes back to sharing once the machine is free again', () => {
    const trial = new SharingTrial();
    sharedSteps(trial, 1000, 9, 0.9);
    expect(sharedSteps(trial, 20_000, 0.5, 0.9)).toBeGreaterThan(15_000);
  });
});
