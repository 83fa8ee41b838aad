import type { EpochRecord, RunOutcome } from '../../src-shared/schemas/run.ts';

/** More points than a small curve has pixels say nothing. */
const curvePoints = 64;

/** At most `count` of the values, evenly spaced, the first and the last among them. */
function thin(values: readonly number[], count: number): number[] {
  if (values.length <= count) return [...values];
  const step = (values.length - 1) / (count - 1);
  return Array.from({ length: count }, (_, index) => values[Math.round(index * step)]!);
}

/** What the epochs of a run came to; `keptEpoch` is the one whose weights are kept. */
export function summarizeEpochs(epochs: readonly EpochRecord[], keptEpoch: number | null): RunOutcome {
  let best: EpochRecord | null = null;
  let seconds = 0;
  for (const record of epochs) {
    seconds += record.seconds;
    if (best === null || record.validationAccuracy > best.validationAccuracy) best = record;
  }
  return {
    epochs: epochs.length,
    seconds,
    last: epochs.at(-1) ?? null,
    best,
    kept: epochs.find((record) => record.epoch === keptEpoch) ?? null,
    validationCurve: thin(
      epochs.map((record) => record.validationAccuracy),
      curvePoints,
    ),
  };
}
