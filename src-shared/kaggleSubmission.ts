/**
 * A file of predictions as Kaggle takes them: `ImageId,Label`, images counted from 1. `predicted` is the class of each
 * image, `labels` what each class is called in the competition's own files.
 */
export function kaggleSubmission(predicted: Uint8Array, labels: readonly string[]): string {
  const quoted = labels.map((label) => (/[",\r\n]/.test(label) ? `"${label.replaceAll('"', '""')}"` : label));
  const lines = Array.from(predicted, (label, image) => `${image + 1},${quoted[label] ?? ''}`);
  return `ImageId,Label\n${lines.join('\n')}\n`;
}
