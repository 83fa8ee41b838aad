// The formats that a model can be exported in, as a person chooses among them. What makes them is src-main/exports.
import * as v from 'valibot';

export interface ExportFormatDescription {
  id: string;
  label: string;
  /** One sentence: what the file is good for. */
  description: string;
  /** What its file's name ends in, after the model's name. */
  ending: string;
}

/** In the order in which they are offered. One line adds one; the compiler then asks for what makes it. */
export const exportFormats = [
  {
    id: 'safetensors',
    label: 'Weft (safetensors)',
    description:
      'Opens in Weft again, with everything that is known of the model; its tensors open anywhere.',
    ending: '.safetensors',
  },
  {
    id: 'onnx',
    label: 'ONNX',
    description:
      'Runs with ONNX Runtime in Python, C++, C#, Java, browsers and on phones; takes images as bytes, 0 to 255.',
    ending: '.onnx',
  },
  {
    id: 'npz',
    label: 'NumPy arrays (npz)',
    description:
      'The weights as named arrays that numpy.load reads, and what else is known of the model as JSON.',
    ending: '.npz',
  },
  {
    id: 'numpy',
    label: 'Python with NumPy',
    description:
      'Scripts that predict with NumPy alone, and train the network again step by step, and the weights.',
    ending: '-numpy.zip',
  },
  {
    id: 'pytorch',
    label: 'Python with PyTorch',
    description:
      'The network as a module of PyTorch, scripts that predict and train it again, and the weights.',
    ending: '-pytorch.zip',
  },
  {
    id: 'keras',
    label: 'Python with Keras',
    description: 'The network as a model of Keras 3, a script that predicts, and the weights.',
    ending: '-keras.zip',
  },
] as const satisfies readonly ExportFormatDescription[];

export type ExportFormatId = (typeof exportFormats)[number]['id'];

/** The one that Weft itself opens. */
export const ownFormat: ExportFormatId = 'safetensors';

export const exportFormatSchema = v.picklist(exportFormats.map(({ id }) => id));
