// Runs ONNX files in ONNX Runtime's WebAssembly build: what Weft writes, computed by others.
import * as onnxRuntime from 'onnxruntime-web';

onnxRuntime.env.wasm.numThreads = 1;

/** Weft and ONNX Runtime both compute in float32, and add up in different orders. */
export const onnxRunTolerance = 1e-5;

function floatsOf(tensor: onnxRuntime.Tensor | undefined, name: string): Float32Array {
  if (tensor?.data instanceof Float32Array) return tensor.data;
  throw new Error(`The file gives no 32-bit floats called "${name}".`);
}

/** What the file says of images, given as `(images, …sides)` bytes: probabilities and logits, `(images, classes)`. */
export async function runOnnx(
  file: Uint8Array,
  pixels: Uint8Array,
  shape: readonly number[],
): Promise<{ probabilities: Float32Array; logits: Float32Array }> {
  const session = await onnxRuntime.InferenceSession.create(file);
  const images = new onnxRuntime.Tensor('uint8', pixels, shape);
  const { probabilities, logits } = await session.run({ images });
  await session.release();
  return { probabilities: floatsOf(probabilities, 'probabilities'), logits: floatsOf(logits, 'logits') };
}
