// Errors that a person reads. Every layer throws these; every transport carries them as data.
import * as v from 'valibot';

/** What an error is when it travels: never a stack trace. */
export const errorDataSchema = v.strictObject({
  /** Stable identifier, `area.what`, for programs and tests: `idx.wrong-magic`. */
  code: v.string(),
  /** One sentence that names the thing and the place. */
  message: v.string(),
  /** One sentence on what to do about it; absent where nothing can be done. */
  remedy: v.optional(v.string()),
});
export type ErrorData = v.InferOutput<typeof errorDataSchema>;

/** An expected failure with a code, a sentence for the person and, where there is one, the remedy. */
export class WeftError extends Error {
  readonly code: string;
  readonly remedy: string | undefined;

  constructor(code: string, message: string, remedy?: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'WeftError';
    this.code = code;
    this.remedy = remedy;
  }
}

/** The error as data. An unexpected one keeps its message under the code `internal`. */
export function toErrorData(error: unknown): ErrorData {
  if (error instanceof WeftError) {
    return error.remedy === undefined
      ? { code: error.code, message: error.message }
      : { code: error.code, message: error.message, remedy: error.remedy };
  }
  return {
    code: 'internal',
    message: error instanceof Error ? error.message : String(error),
    remedy: 'This is a fault in Weft itself: please report it with the steps that led here.',
  };
}

/** The data as an error again, on the other side of a transport. */
export function fromErrorData(data: ErrorData): WeftError {
  return new WeftError(data.code, data.message, data.remedy);
}
