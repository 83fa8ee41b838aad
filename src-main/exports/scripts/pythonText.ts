// Values and calls as Python writes them.

/** The longest line that PEP 8 allows. */
export const lineLimit = 79;

/** A literal; `None` for null. */
export function literal(value: number | string | boolean | null): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return String(value);
  // Python reads every escape that JSON has, and text beside them as it is.
  return JSON.stringify(value);
}

/** A number that is meant as one with a fraction: `1.0`. */
export const float = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));

/** `everyEpochs` as `every_epochs`. */
export const snakeCase = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** `every_epochs` as `EVERY_EPOCHS`, from `everyEpochs`. */
export const constantName = (name: string): string => snakeCase(name).toUpperCase();

/** `before` with the items in brackets and `after` behind: on one line where they fit, else each on a line of its own. */
export function bracketed(
  before: string,
  items: readonly string[],
  after: string,
  indent = 0,
  brackets: '()' | '[]' = '()',
): string {
  const [open, close] = [brackets[0]!, brackets[1]!];
  const margin = ' '.repeat(indent);
  const line = `${margin}${before}${open}${items.join(', ')}${close}${after}`;
  if (line.length <= lineLimit && !line.includes('\n')) return line;
  const rows = items.map((item) => `${margin}    ${item.replaceAll('\n', `\n${margin}    `)},\n`);
  return `${margin}${before}${open}\n${rows.join('')}${margin}${close}${after}`;
}

/** A tuple, also of one. */
export const tuple = (items: readonly string[]): string =>
  items.length === 1 ? `(${items[0]},)` : `(${items.join(', ')})`;

/** Lines of at most so many characters, broken between words. */
function breakLines(text: string, limit: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= limit) {
      line = longer;
    } else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

/** Lines of at most the limit less `margin`, broken between words. */
export const wrap = (text: string, margin = 0): string => breakLines(text, lineLimit - margin).join('\n');

/** A text as literals one below the other, which Python joins. */
export function longText(text: string, indent: number): string {
  const margin = ' '.repeat(indent);
  // Two quotes, the space between words and a comma.
  const lines = breakLines(text, lineLimit - indent - 4);
  return lines
    .map((line, index) => `${margin}${literal(index === lines.length - 1 ? line : `${line} `)}`)
    .join('\n');
}
