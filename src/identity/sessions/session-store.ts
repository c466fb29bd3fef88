/** What is kept of a browser session. Who it is, not what they may do: that is asked for each time. */
export interface SessionData {
  readonly viewerId: string;
  /** Milliseconds since 1970. */
  readonly signedInAtMs: number;
}

/**
 * Where sessions are kept, for all nodes. Ids are secrets of at least 128 random bits, which a store keeps hashed only.
 * Every method rejects where the store doesn't answer; whoever opened its connection closes it.
 */
export interface SessionStore {
  readonly kind: 'redis' | 'postgres';
  /** Null for a session that is unknown, removed or expired. */
  find(id: string): Promise<SessionData | null>;
  /** Keeps a session, in the place of what had its id, for so long from now. */
  put(id: string, data: SessionData, ttlSeconds: number): Promise<void>;
  /** Does nothing where there is none. */
  remove(id: string): Promise<void>;
  /** Removes what has expired, where that doesn't go by itself; says how many. */
  sweep(): Promise<number>;
}
