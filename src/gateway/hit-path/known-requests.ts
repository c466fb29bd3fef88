import type { OperationCost } from '../../binding/cost/operation-costs.js';
import type { CachePolicy } from '../../cache/policy/cache-policy.js';
import type { TieredCache } from '../../cache/stores/tiered-cache.js';
import { BoundedCache } from '../../kernel/bounded-cache.js';

/** All that is known of a request's text, whoever sends it. */
export interface KnownRequest {
  /** The part of its answers' keys that doesn't depend on who asks. */
  readonly key: string;
  readonly policy: Pick<CachePolicy, 'scope' | 'vary'>;
  readonly cache: TieredCache;
  /** Operations that differ in literals alone share one. */
  readonly group: string;
  /** Null: nobody is held to limits. */
  readonly cost: OperationCost | null;
  readonly operationName: string | null;
}

/** To be called with what a request's text turned out to ask. */
export type Learn = (request: KnownRequest) => void;

const MAX_REQUESTS = 50_000;
/** Of text; what is known beside it takes some 400 bytes more each. */
const MAX_CHARACTERS = 16 * 1024 * 1024;
const WEIGHT = 400;

/** What requests ask, by their very text: who sends the same text again needn't be parsed again. */
export class KnownRequests {
  readonly #known = new BoundedCache<KnownRequest>({ maxEntries: MAX_REQUESTS, maxWeight: MAX_CHARACTERS });

  find(text: string): KnownRequest | null {
    return this.#known.get(text) ?? null;
  }

  learn(text: string, request: KnownRequest): void {
    this.#known.set(text, request, { weight: text.length + WEIGHT, ttlMs: null });
  }
}
