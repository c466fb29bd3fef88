import { BoundedCache } from '../../kernel/bounded-cache.js';
import { refuseDeepNesting } from './nesting-guard.js';
import { refuseManyTokens } from './token-bound.js';

const MAX_TEXTS = 2_000;
const MAX_CHARACTERS = 2_000_000;

/** Looks at documents' texts before anything reads them; at one that comes again, once. */
export class TextGuard {
  readonly #sound = new BoundedCache<true>({ maxEntries: MAX_TEXTS, maxWeight: MAX_CHARACTERS });

  constructor(private readonly maxTokens: number) {}

  /** @throws SluiceError `GRAPHQL_PARSE_FAILED`, `TOKENS_EXCEEDED` */
  refuseUnsound(text: string): void {
    if (this.#sound.get(text) === true) return;
    refuseDeepNesting(text);
    refuseManyTokens(text, this.maxTokens);
    this.#sound.set(text, true, { weight: text.length, ttlMs: null });
  }
}
