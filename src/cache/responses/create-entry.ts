import type { Position } from '../../changes/position.js';
import { hashTag } from '../../changes/tags/hash-tag.js';
import { collapseTag } from '../../changes/tags/tag-grammar.js';
import { type CacheEntry, createEtag, jitterLife } from '../entries/cache-entry.js';
import type { CachePolicy } from '../policy/cache-policy.js';

/** An answer that was computed, before it is kept. */
export interface ComputedAnswer {
  readonly body: Buffer;
  /** Read before the first read, not after: what changes meanwhile must make this entry look old. */
  readonly stamp: Position;
  readonly tags: readonly string[];
  readonly models: readonly string[];
  readonly policy: CachePolicy;
}

/** The entry of an answer. `random` is within [0, 1). */
export function createEntry(
  { body, stamp, tags, models, policy }: ComputedAnswer,
  { nowMs, jitter, random }: { readonly nowMs: number; readonly jitter: number; readonly random: number },
): CacheEntry {
  return {
    body,
    etag: createEtag(body),
    stamp,
    tagHashes: hashTags(tags),
    modelHashes: hashTags(models.map(collapseTag)),
    storedAtMs: nowMs,
    freshMs: jitterLife(policy.maxAgeSeconds * 1000, { jitter, random }),
    staleWhileRevalidateMs: policy.staleWhileRevalidateSeconds * 1000,
    staleIfErrorMs: policy.staleIfErrorSeconds * 1000,
  };
}

/** Sorted, each once. */
function hashTags(tags: readonly string[]): Uint32Array {
  return Uint32Array.from(new Set(tags.map(hashTag))).sort();
}
