import type { Changes } from '../../changes/changes.js';
import type { Position } from '../../changes/position.js';
import type { CacheEntry } from '../entries/cache-entry.js';
import { findPhase } from '../entries/cache-entry.js';

/** What a cache asks of those who follow changes. */
export type Freshness = Pick<
  Changes,
  'position' | 'isTrusted' | 'ensureTrusted' | 'isValid' | 'isCaptured' | 'findVoidingTag' | 'mayServeStale'
>;

/** Why there is nothing to serve. */
export type MissReason =
  /** Nobody has kept it. */
  | 'absent'
  /** It has outlived its time. */
  | 'expired'
  /** Something that it depends on has changed. */
  | 'void'
  /** Nobody knows at the moment whether anything has changed. */
  | 'untrusted';

/** What a kept answer is worth at this moment. To be acted on without waiting for anything in between. */
export type Judgement =
  | { readonly kind: 'hit'; readonly entry: CacheEntry; readonly isStale: boolean }
  | {
      readonly kind: 'miss';
      readonly reason: MissReason;
      /** Not known to be outdated, for the case that PostgreSQL can't be read (FRESHNESS, rule 16). */
      readonly spare: CacheEntry | null;
    };

export const ABSENT: Judgement = Object.freeze({ kind: 'miss', reason: 'absent', spare: null });

/** FRESHNESS, rules 6, 7 and 15: stale-while-revalidate relaxes the time to live and nothing else. */
export function judgeEntry(entry: CacheEntry, changes: Freshness, nowMs: number): Judgement {
  if (!isValid(entry, changes)) {
    return { kind: 'miss', reason: 'void', spare: null };
  }
  const phase = findPhase(entry, nowMs);
  if (phase === 'expired') return { kind: 'miss', reason: 'expired', spare: null };
  const spare = nowMs - entry.storedAtMs <= entry.freshMs + entry.staleIfErrorMs ? entry : null;
  if (phase === 'stale-if-error') return { kind: 'miss', reason: 'expired', spare };
  if (!changes.isTrusted()) return { kind: 'miss', reason: 'untrusted', spare };
  return { kind: 'hit', entry, isStale: phase === 'stale-while-revalidate' };
}

/** Where each entry was last found valid. As long as a node is at that very position, nothing more can have voided it. */
const validAt = new WeakMap<CacheEntry, Position>();

function isValid(entry: CacheEntry, changes: Freshness): boolean {
  const { position } = changes;
  if (validAt.get(entry) === position) return true;
  if (!changes.isValid(entry.stamp, entry.tagHashes, entry.modelHashes)) return false;
  validAt.set(entry, position);
  return true;
}
