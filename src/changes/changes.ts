import type { Position } from './position.js';

/** What a write's drain came to. */
export type Settled =
  /** Every caller that sends `position` back sees the write, on any node. */
  | { readonly isDrained: true; readonly position: Position }
  /** The write is committed, but nobody could be told in time: this node uses no cache until it could. */
  | { readonly isDrained: false };

/** Why a node may not use what it remembers. */
export type TrustFault = 'starting' | 'pending-write' | 'lagging' | 'log-away' | 'not-captured';

export interface ChangesStatus {
  readonly log: 'memory' | 'redis';
  readonly position: Position;
  readonly horizon: number;
  /** Null: trusted. */
  readonly fault: TrustFault | null;
  /** Age of the last proof of being up to date. Null: there has been none. */
  readonly lagMs: number | null;
  /** Rows that wait in the outbox and the age of the oldest; null where PostgreSQL wasn't asked or didn't answer. */
  readonly outbox: { readonly rows: number; readonly oldestMs: number | null } | null;
  /** Models that are not captured as the model graph wants, by name. */
  readonly uncaptured: readonly string[];
}

/**
 * What a node knows of all committed changes: who caches asks it whether something may still be served, who writes has
 * it tell everybody. Made once per process; `close` ends its timers and connections.
 */
export interface Changes {
  /**
   * What has been applied; the same object until more is. Read it before the first read of what is to be remembered: that
   * is the stamp.
   */
  readonly position: Position;
  /** Whether what is remembered may be used now. To be asked after the last await before an answer. */
  isTrusted(): boolean;
  /** Waits, within bounds, until it is trusted; shares the drain and the poll among all who wait. */
  ensureTrusted(): Promise<boolean>;
  /** Whether nothing that these tags tell of has changed since the stamp. Says nothing of trust. */
  isValid(stamp: Position, tagHashes: Uint32Array, modelHashes: Uint32Array): boolean;
  /** The tag of a change that voided what has this stamp, for people; null where it is not remembered any more. */
  findVoidingTag(stamp: Position, tagHashes: Uint32Array, modelHashes: Uint32Array): string | null;
  /**
   * Whether what is remembered, and not known to be void, may be served in place of an error while PostgreSQL can't be
   * read: this node has started, and none of its own writes is untold.
   */
  readonly mayServeStale: boolean;
  /** Whether writes of the model are captured as this node expects them. */
  isCaptured(model: string): boolean;
  /**
   * To be awaited before an operation is answered that has written (`wrote`) or can't be known not to have
   * (`may-have-written`), whether or not it failed.
   */
  settle(cause: 'wrote' | 'may-have-written'): Promise<Settled>;
  /** Waits, within `timeoutMs`, until the position is applied. False: read the primary, uncached. */
  waitFor(position: Position, timeoutMs: number): Promise<boolean>;
  /** Asks PostgreSQL for the outbox; rejects where it doesn't answer. */
  readStatus(): Promise<ChangesStatus>;
  close(): Promise<void>;
}
