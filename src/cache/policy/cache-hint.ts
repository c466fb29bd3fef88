export type CacheScope = 'PUBLIC' | 'PRIVATE';

/** What SDL or an app's settings say of a field or of a type; what is null they leave open. */
export interface CacheHint {
  readonly maxAgeSeconds: number | null;
  readonly scope: CacheScope | null;
  /** As long as what it stands in, though it is an object; null: not said. */
  readonly inheritMaxAge: boolean | null;
  readonly staleWhileRevalidateSeconds: number | null;
  readonly staleIfErrorSeconds: number | null;
  /** What of a viewer makes answers differ; null: not said. */
  readonly vary: readonly string[] | null;
  /** Name of a cache. */
  readonly cache: string | null;
}

export const NO_HINT: CacheHint = Object.freeze({
  maxAgeSeconds: null,
  scope: null,
  inheritMaxAge: null,
  staleWhileRevalidateSeconds: null,
  staleIfErrorSeconds: null,
  vary: null,
  cache: null,
});

/** What `over` leaves open, as `under` has it. */
export function overlayHints(over: CacheHint, under: CacheHint): CacheHint {
  return {
    maxAgeSeconds: over.maxAgeSeconds ?? under.maxAgeSeconds,
    scope: over.scope ?? under.scope,
    inheritMaxAge: over.inheritMaxAge ?? under.inheritMaxAge,
    staleWhileRevalidateSeconds: over.staleWhileRevalidateSeconds ?? under.staleWhileRevalidateSeconds,
    staleIfErrorSeconds: over.staleIfErrorSeconds ?? under.staleIfErrorSeconds,
    vary: over.vary ?? under.vary,
    cache: over.cache ?? under.cache,
  };
}
