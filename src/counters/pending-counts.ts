/** How much is to be added, by key. */
export type Counts = ReadonlyMap<string, number>;

/** Counts on their way to their rows. */
export interface Batch {
  /** A UUID: under it the database knows whether they have been added. */
  readonly id: string;
  readonly counts: Counts;
}

/** Names one delivery: those of one node are numbered, and come in order. */
export interface Once {
  readonly node: string;
  readonly number: number;
}

/** Where counts wait until they are added to their rows. */
export interface PendingCounts {
  /** Once for each `once`, however often it is tried. Rejects where that can't be known. */
  add(counter: string, once: Once, counts: Counts): Promise<void>;
  /** What waits, or what somebody has taken and not ended; null: nothing. */
  take(counter: string): Promise<Batch | null>;
  /** The batch has been added. Does nothing where another one is under way. */
  end(counter: string, id: string): Promise<void>;
}
