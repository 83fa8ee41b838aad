// What a trainer's state promises: training that goes on from it, in another process or on another day, gives the same
// bits as training that never stopped.
import { describe, expect, it } from 'vitest';
import { optimizers, schedules } from '../../../src-main/engine/catalogue.ts';
import { createTrainer } from '../../../src-main/engine/trainer.ts';
import { isFiniteState, keptTensors } from '../../../src-main/engine/trainerState.ts';
import type { StepReport, Trainer, TrainerState } from '../../../src-main/engine/types.ts';
import { defaultComponent } from '../../../src-shared/components.ts';
import type { Recipe } from '../../../src-shared/schemas/recipe.ts';
import { everyOption, smallTrainerOptions } from './samples.ts';

const epochs = 3;
/** Seven batches an epoch, the last one of four images. */
const imageCount = 100;

/** As a file keeps it: numbers as JSON, tensors as bytes. */
const throughFile = (state: TrainerState): TrainerState => ({
  ...structuredClone(state),
  position: JSON.parse(JSON.stringify(state.position)) as TrainerState['position'],
});

interface Outcome {
  reports: StepReport[];
  validationLosses: number[];
  state: TrainerState;
}

/** Trains to the end, step by step, telling of the state before each step. */
function trainOn(trainer: Trainer, onState: (state: TrainerState) => void = () => undefined): Outcome {
  const outcome: Omit<Outcome, 'state'> = { reports: [], validationLosses: [] };
  while (trainer.epoch < epochs) {
    onState(trainer.state());
    outcome.reports.push(...trainer.train(Infinity, 1));
    if (!trainer.isEpochDone) continue;
    const { loss } = trainer.validate();
    trainer.observeValidation(loss);
    outcome.validationLosses.push(loss);
  }
  return { ...outcome, state: trainer.state() };
}

const normalizing = [
  { type: 'dense', units: 24, activation: 'linear' },
  { type: 'batch-norm' },
  { type: 'activation', activation: 'relu' },
  { type: 'dropout', rate: 0.3 },
  { type: 'dense', units: 17, activation: 'relu' },
];
const convolving = [
  { type: 'convolution', filters: 5, kernel: 3, stride: 1, padding: 1, activation: 'linear' },
  { type: 'prelu' },
  { type: 'batch-norm' },
  { type: 'activation', activation: 'relu' },
  { type: 'flatten' },
  { type: 'dropout', rate: 0.3 },
  { type: 'dense', units: 17, activation: 'relu' },
];

const cases: [string, Partial<Recipe>][] = [
  ...optimizers.map(({ description }): [string, Partial<Recipe>] => [
    `the optimizer ${description.label}`,
    { layers: normalizing, optimizer: defaultComponent(description) },
  ]),
  ...schedules.map(({ description }): [string, Partial<Recipe>] => [
    `the schedule ${description.label}`,
    {
      layers: normalizing,
      schedule:
        description.type === 'plateau'
          ? { ...defaultComponent(description), patience: 1, minimumDelta: 1 }
          : defaultComponent(description),
    },
  ]),
  ['averaged weights', { layers: normalizing, weightAveraging: { decay: 0.9 } }],
  ['mixup', { layers: normalizing, mixup: 0.4 }],
  ['convolutions and every option', { layers: convolving, ...everyOption }],
];

describe.each(cases)('with %s', (_name, changes) => {
  it('training goes on bit for bit from any step', async () => {
    const options = smallTrainerOptions(changes, imageCount);
    const states: TrainerState[] = [];
    const whole = trainOn(await createTrainer(options), (state) => states.push(throughFile(state)));
    expect(states).toHaveLength(21);
    for (const state of states) {
      const rest = trainOn(await createTrainer({ ...options, state }));
      expect(rest.reports).toEqual(whole.reports.slice(state.position.step));
      expect(rest.validationLosses).toEqual(whole.validationLosses.slice(state.position.epoch));
      expect(rest.state).toEqual(whole.state);
    }
  });
});

describe("a trainer's state", () => {
  it('leaves a step under way out, whichever pass of it is under way', async () => {
    const options = smallTrainerOptions({ layers: normalizing, mixup: 0.4, batchSize: 1100 }, 2000);
    const whole = trainOn(await createTrainer(options));
    const interrupted = await createTrainer(options);
    interrupted.train(Infinity, 1);
    const before = interrupted.state();
    let held = 0;
    while (interrupted.train(0).length === 0) {
      if (!interrupted.canCopyState) continue;
      held += 1;
      expect(interrupted.state()).toEqual(before);
    }
    expect(held).toBeGreaterThan(5);
    const rest = trainOn(await createTrainer({ ...options, state: throughFile(before) }));
    expect(rest.state).toEqual(whole.state);
  });

  it('is not to be had while some parameters are moved and others are not', async () => {
    const wide = { type: 'dense', units: 512, activation: 'relu' };
    const trainer = await createTrainer(smallTrainerOptions({ layers: [wide, wide], batchSize: 500 }, 1000));
    let moving = 0;
    while (trainer.train(0).length === 0) {
      if (trainer.canCopyState) continue;
      moving += 1;
      expect(() => trainer.state()).toThrow('changing');
    }
    expect(moving).toBeGreaterThan(0);
    expect(trainer.state().position.step).toBe(1);
  });

  it('is not to be had while validating', async () => {
    const trainer = await createTrainer(smallTrainerOptions({ weightAveraging: { decay: 0.9 } }));
    trainer.train(Infinity);
    expect(trainer.validate(0)).toBeNull();
    expect(trainer.canCopyState).toBe(false);
    while (trainer.validate(0) === null);
    expect(trainer.canCopyState).toBe(true);
  });

  it('keeps a learning rate that was changed by hand', async () => {
    const options = smallTrainerOptions({ schedule: { type: 'exponential' } });
    const trainer = await createTrainer(options);
    trainer.train(Infinity, 3);
    trainer.baseLearningRate = 0.005;
    const next = await createTrainer({ ...options, state: trainer.state() });
    expect(next.learningRate).toBe(trainer.learningRate);
  });

  it('holds the tensors that the run would keep: the averages, and statistics as they are', async () => {
    for (const weightAveraging of [null, { decay: 0.9 }]) {
      const trainer = await createTrainer(smallTrainerOptions({ layers: normalizing, weightAveraging }));
      trainer.train(Infinity, 5);
      expect(keptTensors(trainer.state())).toEqual(trainer.tensors());
    }
  });

  it('is refused by a trainer of another recipe, with what does not fit', async () => {
    const state = (await createTrainer(smallTrainerOptions())).state();
    await expect(
      createTrainer({ ...smallTrainerOptions({ optimizer: { type: 'rmsprop' } }), state }),
    ).rejects.toMatchObject({ code: 'state.misfit' });
    await expect(
      createTrainer({ ...smallTrainerOptions({ layers: normalizing }), state }),
    ).rejects.toMatchObject({ code: 'state.misfit' });
    await expect(
      createTrainer({ ...smallTrainerOptions({ weightAveraging: { decay: 0.9 } }), state }),
    ).rejects.toMatchObject({ code: 'state.misfit' });
    const position = { ...state.position, batch: 3 };
    await expect(
      createTrainer({ ...smallTrainerOptions(), state: { ...state, position } }),
    ).rejects.toMatchObject({ code: 'state.misfit' });
  });

  it('is finite as long as every number is', async () => {
    const state = (await createTrainer(smallTrainerOptions())).state();
    expect(isFiniteState(state)).toBe(true);
    for (const value of [NaN, Infinity, -Infinity]) {
      const broken = structuredClone(state);
      broken.slots[1]!.tensors[0]!.data[3] = value;
      expect(isFiniteState(broken)).toBe(false);
    }
  });
});
