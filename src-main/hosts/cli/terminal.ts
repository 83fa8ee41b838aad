// What the commands write to: results on standard output, everything else on standard error.

export interface Terminal {
  /** A line of the result, on standard output. */
  line: (text: string) => void;
  /** One JSON object on one line, on standard output. */
  json: (value: Record<string, unknown>) => void;
  /** A line for the person, on standard error. */
  notice: (text: string) => void;
  /** Replaces the line that moves at the bottom; nothing where standard error is not a terminal. */
  progress: (text: string) => void;
  /** Takes the moving line away. */
  endProgress: () => void;
  readonly columns: number;
}

const clearLine = '\r\u001b[2K';
const usualColumns = 80;

/** Files and pipes have no width, and some terminals say 0. */
const columnsOf = (stream: NodeJS.WriteStream): number =>
  stream.isTTY && stream.columns > 0 ? stream.columns : usualColumns;

/** The terminal of this process. */
export function createTerminal(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream): Terminal {
  let hasProgress = false;
  const endProgress = (): void => {
    if (hasProgress) stderr.write(clearLine);
    hasProgress = false;
  };
  // A reader that has seen enough (`weft runs | head`) closes the pipe: no reason to fail.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  return {
    line(text) {
      endProgress();
      stdout.write(`${text}\n`);
    },
    json(value) {
      endProgress();
      stdout.write(`${JSON.stringify(value)}\n`);
    },
    notice(text) {
      endProgress();
      stderr.write(`${text}\n`);
    },
    progress(text) {
      if (!stderr.isTTY) return;
      stderr.write(clearLine + text.slice(0, columnsOf(stderr) - 1));
      hasProgress = true;
    },
    endProgress,
    columns: columnsOf(stdout),
  };
}
