import type { CacheScope } from './cache-hint.js';

export const DEFAULT_CACHE = 'default';

/** How long an answer may be kept, for whom, and where. */
export interface CachePolicy {
  /** 0: not at all. */
  readonly maxAgeSeconds: number;
  readonly scope: CacheScope;
  readonly staleWhileRevalidateSeconds: number;
  readonly staleIfErrorSeconds: number;
  /** What of a viewer makes answers differ, sorted. */
  readonly vary: readonly string[];
  /** Name of the cache. */
  readonly cache: string;
  readonly decidedBy: {
    /** Coordinate of the field with the shortest life; null: nothing was selected that has one. */
    readonly maxAge: string | null;
    /** Coordinate of the first private field; null: none is. */
    readonly scope: string | null;
  };
}

/** What the selection of one field does to its operation's policy. */
export interface FieldPolicy {
  /** Null: as long as what it stands in. */
  readonly maxAgeSeconds: number | null;
  readonly isPrivate: boolean;
  readonly staleWhileRevalidateSeconds: number;
  readonly staleIfErrorSeconds: number;
  readonly vary: readonly string[];
  readonly cache: string | null;
}

/** What a resolver says of its own answer at run time. */
export interface DynamicHint {
  readonly maxAgeSeconds?: number | undefined;
  readonly scope?: CacheScope | undefined;
}

/** Puts together what the fields of one operation say: the strictest counts. */
export class PolicyBuilder {
  #maxAgeSeconds: number | null = null;
  #staleWhileRevalidateSeconds = Number.POSITIVE_INFINITY;
  #staleIfErrorSeconds = Number.POSITIVE_INFINITY;
  #maxAgeBy: string | null = null;
  #privateBy: string | null = null;
  readonly #vary = new Set<string>();
  readonly #caches = new Set<string>();

  restrict(field: FieldPolicy, coordinate: string): void {
    if (field.isPrivate) this.#privateBy ??= coordinate;
    for (const name of field.vary) this.#vary.add(name);
    if (field.cache !== null) this.#caches.add(field.cache);
    const { maxAgeSeconds } = field;
    if (maxAgeSeconds === null) return;
    if (this.#maxAgeSeconds === null || maxAgeSeconds < this.#maxAgeSeconds) {
      this.#maxAgeSeconds = maxAgeSeconds;
      this.#maxAgeBy = coordinate;
    }
    this.#staleWhileRevalidateSeconds = Math.min(
      this.#staleWhileRevalidateSeconds,
      field.staleWhileRevalidateSeconds,
    );
    this.#staleIfErrorSeconds = Math.min(this.#staleIfErrorSeconds, field.staleIfErrorSeconds);
  }

  build(): CachePolicy {
    const [only, ...others] = this.#caches;
    return Object.freeze({
      maxAgeSeconds: this.#maxAgeSeconds ?? 0,
      scope: this.#privateBy === null ? 'PUBLIC' : 'PRIVATE',
      staleWhileRevalidateSeconds: orZero(this.#staleWhileRevalidateSeconds),
      staleIfErrorSeconds: orZero(this.#staleIfErrorSeconds),
      vary: Object.freeze([...this.#vary].sort()),
      // What stands in several caches is nobody's in particular.
      cache: only === undefined || others.length > 0 ? DEFAULT_CACHE : only,
      decidedBy: Object.freeze({ maxAge: this.#maxAgeBy, scope: this.#privateBy }),
    });
  }
}

/** A policy with what resolvers said at run time, which can only make it stricter. */
export function tightenPolicy<Policy extends Pick<CachePolicy, 'maxAgeSeconds' | 'scope'>>(
  policy: Policy,
  hint: DynamicHint,
): Policy {
  const maxAgeSeconds = Math.min(
    policy.maxAgeSeconds,
    Math.max(0, hint.maxAgeSeconds ?? policy.maxAgeSeconds),
  );
  const scope = hint.scope === 'PRIVATE' ? 'PRIVATE' : policy.scope;
  return { ...policy, maxAgeSeconds, scope };
}

function orZero(seconds: number): number {
  return Number.isFinite(seconds) ? seconds : 0;
}
