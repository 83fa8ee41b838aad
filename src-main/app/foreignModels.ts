// Models that another tool wrote: what is recognised of them, and taking them into the library.
import type { CommandArguments, CommandOutput } from '../../src-shared/contract.ts';
import type { ForeignAnswers } from '../../src-shared/schemas/foreignModel.ts';
import { recogniseModel } from '../imports/foreignModel.ts';
import { encodeModel } from '../runs/modelFile.ts';
import type { Core } from './core.ts';

/** The answers that were given. An absent one is not a property that is undefined. */
function givenOf(answers: CommandArguments<'model.importForeign'>['answers']): Partial<ForeignAnswers> {
  return Object.fromEntries(Object.entries(answers).filter(([, answer]) => answer !== undefined));
}

/** Throws `import.…` errors for files that hold no network that Weft has, and those of wrong answers once it is accepted. */
export async function importForeign(
  { datasets, models, emit, options }: Core,
  { fileName, bytes, answers, accept }: CommandArguments<'model.importForeign'>,
): Promise<CommandOutput<'model.importForeign'>> {
  // Nobody but Weft trains on a set that Weft makes, so it is the last to be assumed.
  const known = (await datasets.list()).sort(
    (a, b) => Number(a.state === 'built-in') - Number(b.state === 'built-in'),
  );
  const { sketch, assemble } = recogniseModel(bytes, fileName, givenOf(answers), known, options.version);
  if (!accept) return { kind: 'sketch', sketch };
  const model = await models.add(encodeModel(assemble()), fileName);
  emit('model.changed', model);
  return { kind: 'imported', model };
}
