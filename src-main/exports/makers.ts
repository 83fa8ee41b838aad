import type { ExportFormatId } from '../../src-shared/exportFormats.ts';
import type { ExportMaker } from './exportFormat.ts';
import { npz } from './npz.ts';
import { onnx } from './onnx/onnx.ts';
import { safetensors } from './safetensors.ts';
import { scriptBundle } from './scriptBundle.ts';
import { writeScripts } from './scripts/scripts.ts';

/** What makes each format that is offered. */
export const makers: Readonly<Record<ExportFormatId, ExportMaker>> = {
  safetensors,
  onnx,
  npz,
  numpy: scriptBundle('numpy', (source) => writeScripts('numpy', source)),
  pytorch: scriptBundle('pytorch', (source) => writeScripts('pytorch', source)),
  keras: scriptBundle('keras', (source) => writeScripts('keras', source)),
};
