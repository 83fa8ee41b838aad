// What the names of tensors say: which belong to one layer, and what each is in it.

/** What a tensor is in its layer; those of `ignored` only count batches. */
export type TensorRole = 'weight' | 'bias' | 'mean' | 'variance' | 'ignored';

export interface ReadName {
  /** What the names of a layer's tensors have in common. */
  layer: string;
  role: TensorRole;
  /** Whose habit the name is: PyTorch writes `0.weight`, Keras `dense/kernel:0`, others `W1`. */
  habit: 'pytorch' | 'keras' | 'plain';
}

const pytorchRoles: Readonly<Record<string, TensorRole>> = {
  weight: 'weight',
  bias: 'bias',
  running_mean: 'mean',
  running_var: 'variance',
  num_batches_tracked: 'ignored',
};
const kerasRoles: Readonly<Record<string, TensorRole>> = {
  kernel: 'weight',
  gamma: 'weight',
  alpha: 'weight',
  beta: 'bias',
  moving_mean: 'mean',
  moving_variance: 'variance',
};
const longRoles = [...Object.keys(pytorchRoles), ...Object.keys(kerasRoles)].join('|');
/** `features.0.weight`, `dense/kernel:0`, `fc1_bias`, `weight`. */
const endingInRole = new RegExp(`^(?:(.+)[./_])?(${longRoles})(?::0)?$`);
/** `W1`, `net.b_2`, `coefs_0`, `intercepts_0`. */
const numberedRole = /^(.*?)(w|weights?|kernels?|coefs?|b|bias(?:es)?|intercepts?)[_.-]?(\d+)$/i;
/** `hidden.w`, `out_b`. */
const endingInLetter = /^(.+)[./_](w|b)$/i;

const isBias = (word: string): boolean => /^(?:b|i)/i.test(word);

/** What a name says; undefined where it says nothing that we know. */
export function readTensorName(name: string): ReadName | undefined {
  const [, layer = '', word = ''] = endingInRole.exec(name) ?? [];
  const pytorchRole = Object.hasOwn(pytorchRoles, word) ? pytorchRoles[word] : undefined;
  if (pytorchRole !== undefined) return { layer, role: pytorchRole, habit: 'pytorch' };
  const kerasRole = Object.hasOwn(kerasRoles, word) ? kerasRoles[word] : undefined;
  if (kerasRole !== undefined) return { layer, role: kerasRole, habit: 'keras' };
  const numbered = numberedRole.exec(name);
  if (numbered !== null) {
    const [, before = '', what = '', number = ''] = numbered;
    return { layer: `${before}${number}`, role: isBias(what) ? 'bias' : 'weight', habit: 'plain' };
  }
  const lettered = endingInLetter.exec(name);
  if (lettered !== null) {
    return { layer: lettered[1]!, role: isBias(lettered[2]!) ? 'bias' : 'weight', habit: 'plain' };
  }
  return undefined;
}

/** `numpy.savez` without names: `arr_0`, `arr_1`. */
export const isPositionalName = (name: string): boolean => /^arr_\d+$/.test(name);

const numbersOf = (name: string): number[] => (name.match(/\d+/g) ?? []).map(Number);

/** `fc2` before `fc10`, as a person would sort them. */
export function compareNaturally(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

/** `bn1` beside `conv1`, before `conv2`: the numbers in the names first. */
export function compareByNumbers(a: string, b: string): number {
  const [numbersA, numbersB] = [numbersOf(a), numbersOf(b)];
  for (let index = 0; index < Math.min(numbersA.length, numbersB.length); index += 1) {
    if (numbersA[index] !== numbersB[index]) return numbersA[index]! - numbersB[index]!;
  }
  return 0;
}
