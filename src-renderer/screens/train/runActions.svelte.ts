// What the buttons and the keys of the Train screen do, and when they may.
import { app } from '../../state/app.svelte.ts';
import { corrections } from '../../state/corrections.svelte.ts';
import { datasets } from '../../state/datasets.svelte.ts';
import { recipeForm } from '../../state/recipeForm.svelte.ts';
import { training } from '../../state/training.svelte.ts';
import { hasDiverged } from './runResult.ts';

class RunActions {
  isDiscardAsked = $state(false);

  /** What keeps a run from being started, for the person; null when nothing does. */
  readonly reasonNotToStart: string | null = $derived.by(() => {
    const dataset = datasets.selected;
    if (dataset === null) return null;
    if (app.access.isReadOnly) return 'Nothing can be trained here as long as Weft only reads.';
    if (!datasets.isUsable(dataset)) return `${dataset.name} must be downloaded first.`;
    if (!recipeForm.isValid) return 'The recipe has a value that is out of range: it is marked in the form.';
    if (recipeForm.planFailure !== null) return recipeForm.planFailure.message;
    const problem = recipeForm.plan?.problem ?? null;
    return problem === null ? null : `Layer ${problem.layer + 1}: ${problem.error.message}`;
  });

  readonly #canStart = $derived(
    datasets.selected !== null && this.reasonNotToStart === null && !training.isBusy,
  );

  /** Whether the run under way is this Weft's to steer, and no command is on its way. */
  readonly canSteer = $derived(!app.access.isReadOnly && !training.isBusy);
  /** Whether Run, Pause or Resume can be used now. */
  readonly canToggle = $derived(
    training.isActive ? training.state !== 'preparing' && this.canSteer : this.#canStart,
  );
  readonly canStep = $derived(
    training.isActive ? training.state === 'paused' && this.canSteer : this.#canStart,
  );
  readonly toggleLabel = $derived(
    training.state === 'paused' ? 'Resume' : training.isActive ? 'Pause' : 'Run',
  );

  toggleRun(): void {
    if (!this.canToggle) return;
    if (!training.isActive) this.#start(false);
    else if (training.state === 'paused') training.resume();
    else training.pause();
  }

  /** One batch; without a run, begins one paused. */
  step(): void {
    if (!this.canStep) return;
    if (training.isActive) training.step();
    else this.#start(true);
  }

  /** Goes on with the run shown, which has ended; one that diverged begins paused: its learning rate must change first. */
  resumeEnded(): void {
    const { run } = training;
    if (run?.canResume === true && this.canSteer) training.resumeEnded(run, hasDiverged(run));
  }

  discard(): void {
    this.isDiscardAsked = false;
    training.discard();
  }

  #start(isStepwise: boolean): void {
    const dataset = datasets.selected;
    if (dataset === null) return;
    const hasCorrections = (corrections.of(dataset.id)?.list.length ?? 0) > 0;
    training.start(recipeForm.draft, dataset.id, {
      threads: app.settings.threads,
      corrections: hasCorrections && corrections.areApplied ? 'apply' : 'ignore',
      isStepwise,
    });
  }
}

export const runActions = new RunActions();
