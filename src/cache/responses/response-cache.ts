import type { Clock } from '../../kernel/clock.js';
import type { CacheEntry } from '../entries/cache-entry.js';
import type { TieredCache } from '../stores/tiered-cache.js';
import { ABSENT, type Freshness, type Judgement, judgeEntry } from './judge-entry.js';

/** A look-up's outcome, and where it came from. */
export type LookUp = Judgement & {
  readonly tier: 'memory' | 'redis';
  /** The change that voided what was kept, as the log had it; null where there is none, or it isn't known any more. */
  readonly voidedBy: string | null;
};

/** Looks answers up, and says whether they may be served. */
export class ResponseCache {
  constructor(
    private readonly changes: Freshness,
    private readonly clock: Clock,
  ) {}

  /** What memory has and may be served at once; null: `lookUp` has to be asked. */
  find(cache: TieredCache, key: string): Extract<Judgement, { kind: 'hit' }> | null {
    const entry = cache.find(key);
    if (entry === undefined) return null;
    const judged = judgeEntry(entry, this.changes, this.clock.nowMs());
    return judged.kind === 'hit' ? judged : null;
  }

  /** Whether what was found before some wait may be served now, as it is. */
  isServable(entry: CacheEntry): boolean {
    const judged = judgeEntry(entry, this.changes, this.clock.nowMs());
    return judged.kind === 'hit' && !judged.isStale;
  }

  /** Memory first, then Redis, where another node may have something newer. */
  async lookUp(cache: TieredCache, key: string, group: string): Promise<LookUp> {
    const kept = cache.find(key);
    if (kept !== undefined) {
      const judged = await this.#judge(kept);
      if (judged.kind === 'hit' || judged.reason === 'untrusted') return this.#tell(judged, kept, 'memory');
      cache.forget(key);
      const shared = await this.#load(cache, key, group);
      return shared ?? this.#tell(judged, kept, 'memory');
    }
    return (await this.#load(cache, key, group)) ?? { ...ABSENT, tier: 'redis', voidedBy: null };
  }

  /** Whether someone may be given what another one's computation left: nothing may be awaited after. */
  async mayServe(entry: CacheEntry): Promise<boolean> {
    return (await this.#judge(entry)).kind === 'hit';
  }

  async #load(cache: TieredCache, key: string, group: string): Promise<LookUp | null> {
    const entry = await cache.load(key, group);
    if (entry === null) return null;
    return this.#tell(await this.#judge(entry), entry, 'redis');
  }

  /** Proves that nothing has changed, where that is all that is missing; then looks again, as the proof took time. */
  async #judge(entry: CacheEntry): Promise<Judgement> {
    const judged = judgeEntry(entry, this.changes, this.clock.nowMs());
    if (judged.kind === 'hit' || judged.reason !== 'untrusted') return judged;
    await this.changes.ensureTrusted();
    return judgeEntry(entry, this.changes, this.clock.nowMs());
  }

  #tell(judged: Judgement, entry: CacheEntry, tier: LookUp['tier']): LookUp {
    const isVoid = judged.kind === 'miss' && judged.reason === 'void';
    const voidedBy = isVoid
      ? this.changes.findVoidingTag(entry.stamp, entry.tagHashes, entry.modelHashes)
      : null;
    return { ...judged, tier, voidedBy };
  }
}
