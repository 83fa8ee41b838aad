import type { ExportFormatId } from '../../src-shared/exportFormats.ts';
import type { ExportMaker } from './exportFormat.ts';
import { npz } from './npz.ts';
import { onnx } from './onnx/onnx.ts';
import { safetensors } from './safetensors.ts';

/** What makes each format that is offered. */
export const makers: Readonly<Record<ExportFormatId, ExportMaker>> = {
  safetensors,
  onnx,
  npz,
};
