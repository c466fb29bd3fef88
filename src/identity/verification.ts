import type { Viewer } from './viewer.js';

/** What checking credentials came to. */
export interface Verification {
  readonly viewer: Viewer;
  /** Milliseconds since 1970. */
  readonly validUntilMs: number;
  /** Told by the change log once they are revoked; null: they can't be. */
  readonly revocationTag: string | null;
}
