import { BoundedCache } from '../../kernel/bounded-cache.js';
import type { Decision } from '../limiter.js';
import type { RedisBlocks } from './redis-blocks.js';

/** For so long one that was written down is taken to be so still. */
const RECORDED_MS = 600_000;

export interface BlockRecorderOptions {
  readonly blocks: RedisBlocks;
  /** As the limiter's policy has it. */
  readonly blockMs: number;
  /** The block is in force all the same; it is tried again when its subject asks next. */
  readonly onUnrecorded: (error: unknown) => void;
}

/** Has blocks listed as nodes come by them: also those whose node failed before it had written them down. */
export class BlockRecorder {
  readonly #options: BlockRecorderOptions;
  readonly #recorded = new BoundedCache<true>({ maxEntries: 10_000, maxWeight: 10_000 });

  constructor(options: BlockRecorderOptions) {
    this.#options = options;
  }

  note(decision: Decision, subject: string | null): void {
    const isBlocked = decision.isBlockedNow || decision.outcome === 'blocked';
    if (!isBlocked || subject === null || decision.retryMs === null) return;
    const { blockMs } = this.#options;
    const leftMs = decision.isBlockedNow ? blockMs : decision.retryMs;
    const untilMs = Math.round(decision.timeMs + leftMs);
    // A block that follows on one that was lifted is another one.
    if (!decision.isBlockedNow && this.#recorded.get(subject) === true) return;
    this.#recorded.set(subject, true, { weight: 1, ttlMs: RECORDED_MS });
    this.#options.blocks
      .record({ subject, blockedAtMs: untilMs - blockMs, untilMs, rules: decision.deniedBy, lifted: null })
      .catch((error: unknown) => {
        this.#recorded.delete(subject);
        this.#options.onUnrecorded(error);
      });
  }
}
