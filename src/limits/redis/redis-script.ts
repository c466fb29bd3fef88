import { createHash } from 'node:crypto';
import { withDeadline } from '../../kernel/deadline.js';
import type { RedisClient } from '../../kernel/redis-client.js';
import { SluiceError } from '../../kernel/sluice-error.js';

/** What stands in the way of a script, for metrics. */
export const LOSS_CAUSES = ['away', 'timeout', 'failed'] as const;
export type LossCause = (typeof LOSS_CAUSES)[number];

/** Redis could not be asked; the command may have been carried out all the same, now or later. */
export class RedisLossError extends SluiceError {
  constructor(
    readonly reason: LossCause,
    message: string,
    cause?: unknown,
  ) {
    super('LIMITS_UNAVAILABLE', `The limits in Redis can't be used. ${message}`, { cause });
  }
}

/** A script that Redis is told by its hash, and by its text where it doesn't know it yet. */
export class RedisScript {
  readonly #redis: RedisClient;
  readonly #text: string;
  readonly #hash: string;
  readonly #deadlineMs: number;

  constructor(redis: RedisClient, options: { readonly text: string; readonly deadlineMs: number }) {
    this.#redis = redis;
    this.#text = options.text;
    this.#hash = createHash('sha1').update(options.text).digest('hex');
    this.#deadlineMs = options.deadlineMs;
  }

  /** @throws RedisLossError, within the deadline */
  run(keys: readonly string[], values: readonly (string | number)[]): Promise<unknown> {
    // A command that waits for a connection would be carried out at some later time.
    if (this.#redis.status !== 'ready')
      return Promise.reject(new RedisLossError('away', 'There is no connection.'));
    return withDeadline(
      this.#ask(keys, values),
      this.#deadlineMs,
      () => new RedisLossError('timeout', `No answer within ${this.#deadlineMs} ms.`),
    );
  }

  async #ask(keys: readonly string[], values: readonly (string | number)[]): Promise<unknown> {
    try {
      return await this.#redis.evalsha(this.#hash, keys.length, ...keys, ...values);
    } catch (error) {
      if (!isUnknownScript(error)) throw new RedisLossError('failed', 'It failed.', error);
    }
    try {
      return await this.#redis.eval(this.#text, keys.length, ...keys, ...values);
    } catch (error) {
      throw new RedisLossError('failed', 'It failed.', error);
    }
  }
}

function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}
