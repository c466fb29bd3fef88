/** What one drain took from the outbox: all changes of the transactions that were committed by then. */
export interface ChangeRecord {
  readonly id: number;
  /** The id before it, as PostgreSQL has it: a reader whose cursor is below has missed something. */
  readonly prev: number;
  /** `pg_current_wal_insert_lsn()` at the drain, as text: a replica that has replayed it shows these changes. */
  readonly lsn: string;
  /** Without duplicates. Empty with `isHorizon`. */
  readonly tags: readonly string[];
  /** The changes were too many to name: whatever is known of before `id` is void. */
  readonly isHorizon: boolean;
}

/** That all commits before `timeMs` lie at or below `head`. */
export interface Heartbeat {
  readonly epoch: string;
  readonly head: number;
  readonly lsn: string;
  /** By the clock of the log's server, asked for before the drain asked PostgreSQL anything. */
  readonly timeMs: number;
}

/** The log's server and its clock. */
export interface LogTime {
  readonly timeMs: number;
  /** Differs for another connection, which may lead to another server: a drain's answers must come from one. */
  readonly connection: number;
}

/** What a reader finds behind its cursor; heartbeat, records and time are read at one moment. */
export interface LogReading extends LogTime {
  /** Null: the log is empty, or has forgotten all. */
  readonly heartbeat: Heartbeat | null;
  /** Of the heartbeat's epoch, ascending. */
  readonly records: readonly ChangeRecord[];
  /** More records follow than were read. */
  readonly isPartial: boolean;
}

/** A drain's outcome on its way into the log. Without a record there were no changes. */
export interface LogEntry {
  readonly record: ChangeRecord | null;
  readonly heartbeat: Heartbeat;
}

/**
 * The log that drains write and nodes read. Implementations: `MemoryChangeLog` (one node) and `RedisChangeLog` (many).
 * It may lose anything at any time (flushes, failovers, trims): records name what stood before them and heartbeats how
 * far PostgreSQL is, so that readers notice. Calls reject when the log doesn't answer within its deadline; the command
 * may have been carried out all the same, now or later.
 */
export interface ChangeLog {
  readonly kind: 'memory' | 'redis';
  readTime(): Promise<LogTime>;
  /**
   * Appends the record and sets the heartbeat unless an older one is given, at one moment. False: refused, since the
   * log has a record with this id or a later one in the epoch; nothing was written then.
   *
   * @param connection that of `readTime`; rejects where it has changed since
   */
  append(entry: LogEntry, connection: number): Promise<boolean>;
  /** Everything behind `after` in the heartbeat's epoch, from its beginning where that is another epoch. */
  read(after: { readonly epoch: string; readonly id: number }): Promise<LogReading>;
  /** Lets go of what it holds; the Redis client stays its owner's. */
  close(): Promise<void>;
}
