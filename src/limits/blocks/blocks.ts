/** One who was shut out. Times are milliseconds since 1970. */
export interface BlockRecord {
  /** As operations name it: the caller's key. */
  readonly subject: string;
  readonly blockedAtMs: number;
  readonly untilMs: number;
  /** The rules that the last violation broke. */
  readonly rules: readonly string[];
  /** Null: nobody has lifted it. */
  readonly lifted: { readonly atMs: number; readonly by: string } | null;
}

/**
 * Who is blocked, for the API and the command line. Blocks are made by a `Limiter` of the same place, and end by
 * themselves.
 */
export interface Blocks {
  /**
   * Those that are in force and those that were lifted, until the time at which they would have ended; the ones that
   * end last come first.
   *
   * @param most records at most
   * @throws SluiceError `LIMITS_UNAVAILABLE`
   */
  list(most: number): Promise<readonly BlockRecord[]>;
  /** Until when one is blocked, in milliseconds since 1970; null: not at all. */
  findEnd(subject: string): Promise<number | null>;
  /**
   * Lets one in again, with no violations counted. False: there was no block.
   *
   * @param by who lifts it, kept in its record
   * @throws SluiceError `LIMITS_UNAVAILABLE`
   */
  lift(subject: string, by: string): Promise<boolean>;
}
