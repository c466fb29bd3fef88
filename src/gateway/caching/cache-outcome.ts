import type { CacheEntry } from '../../cache/entries/cache-entry.js';
import type { MissReason } from '../../cache/responses/judge-entry.js';

/** What the cache had to do with one answer. */
export type CacheOutcome =
  | {
      readonly kind: 'hit';
      readonly entry: CacheEntry;
      readonly tier: 'memory' | 'redis';
      /** Past its time, while a new one is computed. */
      readonly isStale: boolean;
    }
  /** Someone else was computing it already. */
  | { readonly kind: 'collapsed'; readonly entry: CacheEntry }
  /** Kept answers may be served where PostgreSQL can't be read. */
  | { readonly kind: 'stale-if-error'; readonly entry: CacheEntry }
  | {
      readonly kind: 'computed';
      readonly reason: MissReason;
      readonly voidedBy: string | null;
      /** Null: it was not kept, for the reason beside. */
      readonly entry: CacheEntry | null;
      readonly refusal: string | null;
    }
  /** It can't be kept as a whole, but fields of it can. */
  | {
      readonly kind: 'partial';
      /** Why it can't. */
      readonly why: string;
      /** By response key. */
      readonly fields: ReadonlyMap<string, CacheOutcome>;
    }
  /** Nobody looked. */
  | { readonly kind: 'bypass'; readonly why: string };

/** For metrics. */
export function nameOutcome(outcome: CacheOutcome): string {
  switch (outcome.kind) {
    case 'hit':
      return outcome.isStale ? 'stale' : 'hit';
    case 'computed':
      return outcome.reason;
    case 'stale-if-error':
      return 'stale_if_error';
    default:
      return outcome.kind;
  }
}

/** For a request's line in the log. */
export const ACTIVITY = {
  hit: 'hit',
  collapsed: 'hit',
  'stale-if-error': 'stale',
  computed: 'miss',
  partial: 'miss',
  bypass: 'bypass',
} as const;
