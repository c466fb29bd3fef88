import { hash } from 'node:crypto';
import type { Position } from '../../changes/position.js';
import { flattenText } from '../../kernel/flat-text.js';

/** An answer, and all that decides whether it may be served. */
export interface CacheEntry {
  /** What is served. */
  readonly body: Buffer;
  /** As it stands in the header: weak, since compressed answers have it, too. */
  readonly etag: string;
  /** Read before the first read. */
  readonly stamp: Position;
  /** Sorted, each once. */
  readonly tagHashes: Uint32Array;
  /** Of the tags that void all of a model; sorted, each once. */
  readonly modelHashes: Uint32Array;
  /** Since 1970: ages are told across nodes. */
  readonly storedAtMs: number;
  readonly freshMs: number;
  /** After `freshMs`. */
  readonly staleWhileRevalidateMs: number;
  /** After `freshMs`. */
  readonly staleIfErrorMs: number;
}

/** Where an entry stands in its life, if nothing changes. */
export type CachePhase = 'fresh' | 'stale-while-revalidate' | 'stale-if-error' | 'expired';

export function findPhase(entry: CacheEntry, nowMs: number): CachePhase {
  // Another node's clock may be ahead: its entries are new then, not from the future.
  const overMs = Math.max(0, nowMs - entry.storedAtMs) - entry.freshMs;
  if (overMs < 0) return 'fresh';
  if (overMs < entry.staleWhileRevalidateMs) return 'stale-while-revalidate';
  return overMs < entry.staleIfErrorMs ? 'stale-if-error' : 'expired';
}

/** How long after `storedAtMs` an entry can be of any use. */
export function findLifeMs({ freshMs, staleWhileRevalidateMs, staleIfErrorMs }: CacheEntry): number {
  return freshMs + Math.max(staleWhileRevalidateMs, staleIfErrorMs);
}

const ETAG_CHARACTERS = 22;

/** 132 bits of SHA-1 over the bytes. */
export function createEtag(body: Buffer): string {
  return flattenText(`W/"${hash('sha1', body, 'base64url').slice(0, ETAG_CHARACTERS)}"`);
}

/**
 * A life somewhat shorter than it may be, so that what was kept at one time doesn't end at one time. `jitter` is the part
 * that chance may take off, `random` the chance, within [0, 1).
 */
export function jitterLife(
  maxAgeMs: number,
  { jitter, random }: { readonly jitter: number; readonly random: number },
): number {
  return Math.ceil(maxAgeMs * (1 - jitter * random));
}
