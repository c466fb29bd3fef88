import type { IncomingHttpHeaders } from 'node:http';

/** What of a request, beside who sends it, makes answers differ: a language, say. */
export interface VaryDefinition {
  /** As `@cachePolicy(vary:)` names it: capital letters, digits and `_`. */
  readonly name: string;
  /** Request headers that `read` looks at, in lower case; told to clients in `Vary`. */
  readonly headers: readonly string[];
  /**
   * The value that counts, such as `de`: one of few, since each has answers of its own. At most 200 characters; called
   * once for a request at most, and must not throw.
   */
  readonly read: (headers: IncomingHttpHeaders) => string;
}

/** What of a viewer hints may name in any app. */
export const VIEWER_VARY: ReadonlySet<string> = new Set(['TIER', 'SCOPES']);
