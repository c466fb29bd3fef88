import type { Position } from '../../changes/position.js';
import { hashTags } from '../../changes/tags/hash-tag.js';
import { collapseTag } from '../../changes/tags/tag-grammar.js';
import { type CacheEntry, createEtag, jitterLife } from '../entries/cache-entry.js';
import { ownBytes } from '../entries/own-bytes.js';
import { shareHashes } from '../entries/shared-hashes.js';
import type { CachePolicy } from '../policy/cache-policy.js';

/** An answer that was computed, before it is kept. */
export interface ComputedAnswer {
  readonly body: Buffer;
  /** Read before the first read, not after: what changes meanwhile must make this entry look old. */
  readonly stamp: Position;
  readonly tags: readonly string[];
  readonly models: readonly string[];
  /** What was kept before, and is in it; of the same epoch. */
  readonly parts: readonly KeptPart[];
  readonly policy: Pick<CachePolicy, 'maxAgeSeconds' | 'staleWhileRevalidateSeconds' | 'staleIfErrorSeconds'>;
}

/** Something in an answer that was kept before. */
export interface KeptPart {
  readonly stamp: Position;
  readonly tagHashes: Uint32Array;
  readonly modelHashes: Uint32Array;
  /** Since 1970. */
  readonly freshUntilMs: number;
}

/**
 * The entry of an answer: with parts that were kept before, the least stamp, all tags, and the least remaining life
 * (FRESHNESS, rule 9). `random` is within [0, 1).
 */
export function createEntry(
  { body, stamp, tags, models, parts, policy }: ComputedAnswer,
  { nowMs, jitter, random }: { readonly nowMs: number; readonly jitter: number; readonly random: number },
): CacheEntry {
  const own = ownBytes(
    body,
    joinHashes(
      hashTags(tags),
      parts.map((part) => part.tagHashes),
    ),
  );
  return {
    body: own.body,
    etag: createEtag(body),
    stamp: parts.reduce((least, part) => (part.stamp.id < least.id ? part.stamp : least), stamp),
    tagHashes: own.hashes,
    modelHashes: shareHashes(
      joinHashes(
        hashTags(models.map(collapseTag)),
        parts.map((part) => part.modelHashes),
      ),
    ),
    storedAtMs: nowMs,
    freshMs: Math.max(
      0,
      Math.min(
        jitterLife(policy.maxAgeSeconds * 1000, { jitter, random }),
        ...parts.map((part) => part.freshUntilMs - nowMs),
      ),
    ),
    staleWhileRevalidateMs: policy.staleWhileRevalidateSeconds * 1000,
    staleIfErrorMs: policy.staleIfErrorSeconds * 1000,
  };
}

function joinHashes(own: Uint32Array, others: readonly Uint32Array[]): Uint32Array {
  if (others.length === 0) return own;
  const all = new Set(own);
  for (const hashes of others) for (const hash of hashes) all.add(hash);
  return Uint32Array.from(all).sort();
}
