import { calibratedModel } from '../runs/calibratedModel.ts';
import { decodeModel, encodeModel } from '../runs/modelFile.ts';
import type { ExportMaker } from './exportFormat.ts';

/** Weft's own model file. */
export const safetensors: ExportMaker = {
  covers: 'file',
  make: ({ model }) => encodeModel(model),
  keepsTemperature: true,
  readBack: (bytes, fileName) => calibratedModel(decodeModel(bytes, fileName)),
};
