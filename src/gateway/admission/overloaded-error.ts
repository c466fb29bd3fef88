import { SluiceError } from '../../kernel/sluice-error.js';

/** There is too much to do at the moment: asking again in a while may help. */
export class OverloadedError extends SluiceError {
  /** For `Retry-After`; at least 1. */
  readonly retryAfterSeconds: number;

  constructor(message: string, retryAfterMs: number) {
    super('OVERLOADED', message);
    this.retryAfterSeconds = Math.max(1, Math.ceil(retryAfterMs / 1_000));
  }
}
