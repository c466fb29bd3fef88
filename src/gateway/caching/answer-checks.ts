import type { CacheEntry } from '../../cache/entries/cache-entry.js';
import type { Changes } from '../../changes/changes.js';
import { BoundedCache } from '../../kernel/bounded-cache.js';
import type { CacheMetrics } from '../../telemetry/cache-metrics.js';
import type { Logger } from '../../telemetry/logger.js';
import type { CheckSampler } from './check-sampler.js';
import type { CacheableQuestion } from './questions.js';

export interface AnswerChecksParts {
  readonly changes: Pick<Changes, 'settle' | 'isValid'>;
  readonly sampler: CheckSampler;
  readonly metrics: CacheMetrics;
  readonly log: Logger;
}

/** How long an answer that differed from a computed one is computed by everyone. */
const DISTRUST_MS = 3_600_000;
const MAX_DISTRUSTED = 10_000;

/** Has a sample of kept answers computed again, and lets none be served that differ for no reason. */
export class AnswerChecks {
  readonly #parts: AnswerChecksParts;
  readonly #distrusted = new BoundedCache<true>({ maxEntries: MAX_DISTRUSTED, maxWeight: MAX_DISTRUSTED });

  constructor(parts: AnswerChecksParts) {
    this.#parts = parts;
  }

  isDistrusted(key: string): boolean {
    return this.#distrusted.get(key) !== undefined;
  }

  /** Counts a hit; where its turn has come, it is computed again while its client has the kept answer. */
  sample(recompute: () => Promise<void>): void {
    const { sampler, log } = this.#parts;
    if (!sampler.take()) return;
    recompute()
      .catch((error: unknown) => log.warn({ err: error }, 'A kept answer could not be checked'))
      .finally(() => sampler.done());
  }

  /** A kept answer isn't what was computed. Where nothing has changed since that explains it, it is never served again. */
  judge(entry: CacheEntry, question: CacheableQuestion): void {
    this.#judge(entry, question).catch((error: unknown) =>
      this.#parts.log.warn({ err: error }, 'A kept answer that differs could not be removed'),
    );
  }

  async #judge(entry: CacheEntry, { cache, key, operation }: CacheableQuestion): Promise<void> {
    const { changes, metrics, log } = this.#parts;
    // Trust is not enough: it may be older than what was read.
    if (!(await changes.settle('may-have-written')).isDrained) return;
    if (!changes.isValid(entry.stamp, entry.tagHashes, entry.modelHashes)) return;
    this.#distrusted.set(key, true, { weight: 1, ttlMs: DISTRUST_MS });
    metrics.mismatches.inc();
    log.error(
      { key, operation, cache: cache.name },
      'A kept answer differs from the computed one; it is served no longer',
    );
    await cache.remove(key);
  }
}
