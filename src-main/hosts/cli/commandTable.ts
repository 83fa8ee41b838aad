// Every command of the command line. Help, parsing and suggestions are made from this table.
import type { Command } from './command.ts';
import { about } from './commands/about.ts';
import { calibrate } from './commands/calibrate.ts';
import { datasets } from './commands/datasets.ts';
import { datasetsDownload } from './commands/datasetsDownload.ts';
import { errors } from './commands/errors.ts';
import { evaluate } from './commands/evaluate.ts';
import { exportCommand } from './commands/export.ts';
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
  listPresets,
  train,
  resume,
  evaluate,
  errors,
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
