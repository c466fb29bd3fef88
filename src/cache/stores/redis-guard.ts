import { once } from 'node:events';
import { Breaker } from '../../kernel/breaker.js';
import { withDeadline } from '../../kernel/deadline.js';
import type { RedisClient } from '../../kernel/redis-client.js';
import { SluiceError } from '../../kernel/sluice-error.js';

export type RedisOperation = 'get' | 'set' | 'delete' | 'lease' | 'record';

export interface RedisGuardOptions {
  readonly redis: RedisClient;
  readonly deadlineMs: number;
  /** How long Redis is left alone once it was too slow, or failed. */
  readonly retryMs: number;
  readonly onFailure: (operation: RedisOperation) => void;
  readonly onOpen: (error: unknown) => void;
  readonly onClose: () => void;
}

/**
 * Asks a Redis that nobody depends on: whoever meets one that hangs waits for one deadline, and those who come after go on
 * without it until it has answered again.
 */
export class RedisGuard {
  readonly #options: RedisGuardOptions;
  readonly #breaker: Breaker;

  constructor(options: RedisGuardOptions) {
    this.#options = options;
    this.#breaker = new Breaker({
      retryMs: options.retryMs,
      probe: () => this.#probe(),
      onOpen: options.onOpen,
      onClose: options.onClose,
      nowMs: () => performance.now(),
    });
  }

  get redis(): RedisClient {
    return this.#options.redis;
  }

  /** Waits, so long at most, for a connection that is being made. */
  async whenReady(timeoutMs: number): Promise<void> {
    const { redis } = this.#options;
    if (redis.status === 'ready') return;
    const signal = AbortSignal.timeout(timeoutMs);
    await once(redis, 'ready', { signal }).catch(() => undefined);
  }

  /** What it answers in time; null: it doesn't, or is left alone just now. */
  async ask<Answer>(
    operation: RedisOperation,
    command: (redis: RedisClient) => Promise<Answer>,
  ): Promise<Answer | null> {
    const { redis, deadlineMs, onFailure } = this.#options;
    // A command that waits for a connection would be carried out at some later time.
    if (redis.status !== 'ready' || !this.#breaker.allows()) return null;
    try {
      return await withDeadline(command(redis), deadlineMs, () => new SluiceError('TIMEOUT', 'too late'));
    } catch (error) {
      this.#breaker.fail(error);
      onFailure(operation);
      return null;
    }
  }

  async #probe(): Promise<void> {
    const { redis, deadlineMs } = this.#options;
    await withDeadline(redis.ping(), deadlineMs, () => new SluiceError('TIMEOUT', 'too late'));
  }
}
