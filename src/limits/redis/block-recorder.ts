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
    if (!isBlocked || subject === null) return;
    const { blocks, blockMs } = this.#options;
    if (!decision.isBlockedNow && this.#recorded.get(subject) === true) return;
    this.#recorded.set(subject, true, { weight: 1, ttlMs: RECORDED_MS });
    const leftMs = decision.isBlockedNow ? blockMs : (decision.retryMs ?? 0);
    const untilMs = Math.round(decision.timeMs + leftMs);
    const blockedAtMs = untilMs - blockMs;
    const record = { subject, blockedAtMs, untilMs, rules: decision.deniedBy, lifted: null };
    const written = decision.isBlockedNow ? blocks.record(record) : blocks.ensureRecorded(record);
    written.catch((error: unknown) => {
      this.#recorded.delete(subject);
      this.#options.onUnrecorded(error);
    });
  }
}
