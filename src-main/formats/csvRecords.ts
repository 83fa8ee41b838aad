// Delimited text as records (RFC 4180), as it comes in: papaparse's parser, fed piece by piece, so that neither the file
// nor a line without end is ever held in memory.
import Papa, { type ParseError, type ParseResult } from 'papaparse';
import { WeftError } from '../../src-shared/failure.ts';
import { decodeText } from './decodeText.ts';

/** The longest record that is read, in characters: three bytes a pixel of the largest images, and then some. */
export const longestRecord = 8 * 1024 * 1024;

const delimiters = [',', ';', '\t'];
const quote = '"';

interface Dialect {
  delimiter: string;
  newline: '\n' | '\r' | '\r\n';
}

/** The first line's, or undefined while the line goes on. What stands in quotes counts for nothing. */
function findDialect(text: string, isWhole: boolean): Dialect | undefined {
  const counts = new Map<string, number>(delimiters.map((delimiter) => [delimiter, 0]));
  const mostFrequent = (): string =>
    delimiters.reduce((best, one) => (counts.get(one)! > counts.get(best)! ? one : best));
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!;
    if (character === quote) isQuoted = !isQuoted;
    if (isQuoted) continue;
    if (character === '\n') return { delimiter: mostFrequent(), newline: '\n' };
    if (character === '\r') {
      // Whether a line feed follows is not known yet.
      if (at + 1 === text.length && !isWhole) return undefined;
      return { delimiter: mostFrequent(), newline: text[at + 1] === '\n' ? '\r\n' : '\r' };
    }
    const count = counts.get(character);
    if (count !== undefined) counts.set(character, count + 1);
  }
  return isWhole ? { delimiter: mostFrequent(), newline: '\n' } : undefined;
}

const countLineBreaks = (fields: readonly string[]): number =>
  fields.reduce((sum, field) => sum + (field.match(/\r\n|\n|\r/g)?.length ?? 0), 0);

const refuse = (what: string, fileName: string, line: number, message: string, remedy: string): WeftError =>
  new WeftError(`csv.${what}`, `"${fileName}", line ${line}: ${message}.`, remedy);

const quoteRemedy = 'Save the table again as CSV from the program that made it.';

function refuseQuotes(error: ParseError, fileName: string, line: number, columns: number): WeftError {
  return error.code === 'MissingQuotes'
    ? refuse(
        'unclosed-quote',
        fileName,
        line,
        `the quote that opens column ${columns} is never closed`,
        quoteRemedy,
      )
    : refuse(
        'wrong-quote',
        fileName,
        line,
        'text follows the closing quote of a field, or a quote in it is not doubled',
        quoteRemedy,
      );
}

/**
 * Hands over each record of the text with the number of the line it begins in, from 1; lines with nothing in them are
 * passed over. The delimiter (comma, semicolon or tab) and the end of lines are those of the first line. `source` is the
 * file in pieces of any size, UTF-8 or UTF-16. Throws `csv.not-text`, `csv.unclosed-quote`, `csv.wrong-quote`,
 * `csv.line-too-long`, and what `take` and `source` throw.
 */
export async function readCsvRecords(
  source: AsyncIterable<Uint8Array>,
  fileName: string,
  take: (fields: string[], line: number) => void,
): Promise<void> {
  let rest = '';
  let line = 1;
  let dialect: Dialect | undefined;

  const parse = (isLast: boolean): void => {
    if (dialect === undefined) {
      // The first line that holds something tells.
      const blank = /^[\r\n]+(?=[^\r\n])/.exec(rest)?.[0] ?? '';
      line += countLineBreaks([blank]);
      rest = rest.slice(blank.length);
      dialect = findDialect(rest, isLast);
    }
    if (dialect !== undefined) {
      const { newline } = dialect;
      const parser = new Papa.Parser(dialect);
      // The class's types leave out what it returns.
      const { data, errors, meta } = parser.parse(rest, 0, !isLast) as ParseResult<string[]>;
      const mayHoldBreaks = rest.includes(quote) || (newline !== '\n' && /[^\r]\n/.test(rest));
      let errorIndex = 0;
      for (const [index, fields] of data.entries()) {
        const error = errors[errorIndex];
        if (error?.row === index) throw refuseQuotes(error, fileName, line, fields.length);
        while (errors[errorIndex]?.row === index) errorIndex += 1;
        const last = fields.length - 1;
        // Some lines may end in both characters where most end in one.
        if (newline === '\n' && fields[last]!.endsWith('\r')) fields[last] = fields[last]!.slice(0, -1);
        if (fields.length > 1 || fields[0] !== '') take(fields, line);
        line += 1 + (mayHoldBreaks ? countLineBreaks(fields) : 0);
      }
      // A quote at the end of what is there may yet turn out to be right, but only one.
      if (errors.length - errorIndex > 1) throw refuseQuotes(errors[errorIndex]!, fileName, line, 1);
      rest = isLast ? '' : rest.slice(meta.cursor);
    }
  };

  for await (const text of decodeText(source, fileName)) {
    rest += text;
    // No record ends without the end of a line.
    if (/[\r\n]/.test(text)) parse(false);
    if (rest.length > longestRecord) {
      throw refuse(
        'line-too-long',
        fileName,
        line,
        `it goes on for more than ${longestRecord} characters`,
        'A table of images has one image a line: check that the file is one, and that its quotes are closed.',
      );
    }
  }
  parse(true);
}
