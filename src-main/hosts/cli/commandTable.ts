// Every command of the command line. Help, parsing and suggestions are made from this table.
import type { Command } from './command.ts';
import { about } from './commands/about.ts';
import { calibrate } from './commands/calibrate.ts';
import { datasets } from './commands/datasets.ts';
import { datasetsCorrections } from './commands/datasetsCorrections.ts';
import { datasetsDownload } from './commands/datasetsDownload.ts';
import { datasetsImport } from './commands/datasetsImport.ts';
import { datasetsInfo } from './commands/datasetsInfo.ts';
import { datasetsRemove } from './commands/datasetsRemove.ts';
import { datasetsVerify } from './commands/datasetsVerify.ts';
import { duplicates } from './commands/duplicates.ts';
import { errors } from './commands/errors.ts';
import { evaluate } from './commands/evaluate.ts';
import { exportCommand } from './commands/export.ts';
import { labelIssues } from './commands/labelIssues.ts';
import { listPresets } from './commands/presets.ts';
import { modelsImport } from './commands/modelsImport.ts';
import { predict } from './commands/predict.ts';
import { resume } from './commands/resume.ts';
import { runs } from './commands/runs.ts';
import { runsExport } from './commands/runsExport.ts';
import { runsImport } from './commands/runsImport.ts';
import { runsShow } from './commands/runsShow.ts';
import { serve } from './commands/serve.ts';
import { train } from './commands/train.ts';

export const commandTable: readonly Command[] = [
  datasets,
  datasetsDownload,
  datasetsImport,
  datasetsInfo,
  datasetsVerify,
  datasetsRemove,
  datasetsCorrections,
  listPresets,
  train,
  resume,
  evaluate,
  errors,
  labelIssues,
  duplicates,
  calibrate,
  predict,
  modelsImport,
  exportCommand,
  runs,
  runsShow,
  runsExport,
  runsImport,
  about,
  serve,
];
