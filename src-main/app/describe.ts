import { availableParallelism } from 'node:os';
import type { Handlers } from '../../src-shared/contract.ts';
import { catalogue } from '../engine/catalogue.ts';
import { selectKernels, usableBuilds } from '../engine/kernels/select.ts';
import { outlineNetwork } from '../engine/summary.ts';
import { findDataset, type Core } from './core.ts';

/** What this Weft is and can do. */
export function describeHandlers(
  core: Core,
): Pick<Handlers, 'app.describe' | 'app.dismissNotice' | 'network.plan'> {
  const { host, version, dataDirectory } = core.options;
  return {
    'app.describe': () => ({
      version,
      host,
      dataDirectory,
      kernels: selectKernels().name,
      usableKernels: usableBuilds().map(({ name }) => name),
      cores: availableParallelism(),
      catalogue,
      notices: core.notices.list,
    }),
    'app.dismissNotice': ({ noticeId }) => {
      core.notices.dismiss(noticeId);
      return {};
    },
    'network.plan': async ({ recipe, datasetId }) => {
      const { shape, classes } = await findDataset(core, datasetId);
      return outlineNetwork(recipe, shape, classes.length);
    },
  };
}
