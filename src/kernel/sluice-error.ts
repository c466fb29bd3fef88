import type { ErrorCode } from './error-codes.js';

/** What a `SluiceError` may carry beside its message. */
export interface SluiceErrorOptions {
  /** One sentence that says what to do next, shown under the message at the command line. */
  readonly hint?: string;
  readonly cause?: unknown;
  /** Path of the offending input below the field's arguments, such as `['input', 'rating']`. */
  readonly inputPath?: readonly (string | number)[];
}

/**
 * A fault that was foreseen: its message may be shown to the one who caused it, unmasked. Everything that
 * is not a `SluiceError` or a `GraphQLError` is a defect and reaches clients as an id only.
 */
export class SluiceError extends Error {
  override readonly name = 'SluiceError';
  readonly hint: string | undefined;
  readonly inputPath: readonly (string | number)[] | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    options: SluiceErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.hint = options.hint;
    this.inputPath = options.inputPath;
  }
}

/**
 * The error for input that a caller can mend. `inputPath` starts at the argument's name:
 * `badUserInput(['input', 'rating'], 'must lie between 1 and 5')` reads `input.rating must lie between 1 and 5`.
 */
export function badUserInput(inputPath: readonly (string | number)[], problem: string): SluiceError {
  const subject = inputPath.length === 0 ? '' : `${inputPath.join('.')} `;
  return new SluiceError('BAD_USER_INPUT', `${subject}${problem}`, { inputPath });
}
