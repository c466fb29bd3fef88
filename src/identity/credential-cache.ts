import type { Changes } from '../changes/changes.js';
import { NOWHERE, type Position } from '../changes/position.js';
import { hashTag } from '../changes/tags/hash-tag.js';
import { BoundedCache } from '../kernel/bounded-cache.js';
import { type Clock, systemClock } from '../kernel/clock.js';
import type { Verification } from './verification.js';
import type { Viewer } from './viewer.js';

interface Entry {
  readonly viewer: Viewer;
  /** Null: nothing can revoke it. */
  readonly tagHashes: Uint32Array | null;
  /** What was known of changes before it was checked. */
  readonly stamp: Position;
  readonly checkedAtMs: number;
}

/** What a `CredentialCache` checks with, and its bounds. */
export interface CredentialCacheOptions {
  /** Rejects for credentials that don't hold, and where that can't be found out. */
  readonly verify: (text: string) => Promise<Verification>;
  /** Null: nobody follows changes. */
  readonly changes: Pick<Changes, 'position' | 'isTrusted' | 'ensureTrusted' | 'isValid'> | null;
  readonly maxEntries: number;
  /** How long something is used that the change log doesn't vouch for. */
  readonly recheckMs: number;
  readonly clock?: Clock;
}

/** Together with `maxEntries`: tokens may have thousands of characters each. */
const MAX_BYTES = 64 * 1024 * 1024;
/** What an entry takes beside its text. */
const ENTRY_BYTES = 600;
const NO_MODELS = new Uint32Array();

/**
 * Credentials of one kind that were found to hold, by their text. One that can be revoked is used while the change log
 * vouches that it was not; where that can't, for a short while after it was checked. Failures are never kept: they cost
 * a check each.
 */
export class CredentialCache {
  readonly #options: CredentialCacheOptions;
  readonly #clock: Clock;
  /** Checks under way, so that many requests with one token need just one. */
  readonly #pending = new Map<string, Promise<Viewer>>();
  #entries: BoundedCache<Entry>;

  constructor(options: CredentialCacheOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#entries = this.#createEntries();
  }

  /** The viewer, where the credentials are known to hold; one look-up. */
  find(text: string): Viewer | null {
    const entry = this.#entries.get(text);
    return entry !== undefined && this.#holds(entry) ? entry.viewer : null;
  }

  /**
   * The viewer, where `find` doesn't know: as the change log says once it is asked, else as the options' `verify` says.
   * Done once for all who ask at a time.
   */
  verify(text: string): Promise<Viewer> {
    const pending = this.#pending.get(text) ?? this.#settle(text);
    this.#pending.set(text, pending);
    return pending;
  }

  /** Has everything checked again: what it was checked with is not the same any more. */
  forgetAll(): void {
    this.#entries = this.#createEntries();
    this.#pending.clear();
  }

  async #settle(text: string): Promise<Viewer> {
    const entries = this.#entries;
    try {
      const entry = entries.get(text);
      if (entry !== undefined && (await this.#isVouchedFor(entry))) return entry.viewer;
      return await this.#check(text, entries);
    } finally {
      // Where all was forgotten meanwhile, another one may be under way.
      if (entries === this.#entries) this.#pending.delete(text);
    }
  }

  #holds(entry: Entry): boolean {
    const { changes } = this.#options;
    const { tagHashes, stamp } = entry;
    if (tagHashes === null) return true;
    if (changes === null) return this.#isFresh(entry);
    return changes.isTrusted() && changes.isValid(stamp, tagHashes, NO_MODELS);
  }

  /** As `#holds`, after a look at the log: a node that nobody asked for some time needs no more to be trusted again. */
  async #isVouchedFor(entry: Entry): Promise<boolean> {
    const { changes } = this.#options;
    const { tagHashes, stamp } = entry;
    if (changes === null || tagHashes === null) return false;
    const isTrusted = await changes.ensureTrusted();
    // A revocation that is known counts, however little is known of anything else.
    return changes.isValid(stamp, tagHashes, NO_MODELS) && (isTrusted || this.#isFresh(entry));
  }

  #isFresh({ checkedAtMs }: Entry): boolean {
    return this.#clock.nowMs() - checkedAtMs < this.#options.recheckMs;
  }

  async #check(text: string, entries: BoundedCache<Entry>): Promise<Viewer> {
    // Before PostgreSQL is asked: a revocation that is committed meanwhile must make this entry look old.
    const stamp = this.#options.changes?.position ?? NOWHERE;
    const checkedAtMs = this.#clock.nowMs();
    const { viewer, validUntilMs, revocationTag } = await this.#options.verify(text);
    const tagHashes = revocationTag === null ? null : Uint32Array.of(hashTag(revocationTag));
    // Where all was forgotten meanwhile, this goes with it.
    entries.set(
      text,
      { viewer, tagHashes, stamp, checkedAtMs },
      { weight: ENTRY_BYTES + text.length, ttlMs: validUntilMs - this.#clock.nowMs() },
    );
    return viewer;
  }

  #createEntries(): BoundedCache<Entry> {
    return new BoundedCache({
      maxEntries: this.#options.maxEntries,
      maxWeight: MAX_BYTES,
      clock: this.#clock,
    });
  }
}
