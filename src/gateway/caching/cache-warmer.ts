import type { GraphQLFormattedError } from 'graphql';
import type { AskedOperations } from '../../cache/warming/asked-operations.js';
import {
  nameWarmOperation,
  type WarmOperation,
  type WarmRefusal,
  type WarmReport,
} from '../../cache/warming/warm-operation.js';
import type { Warmer } from '../../cache/warming/warmer.js';
import type { Tiers } from '../../identity/tiers.js';
import { ANONYMOUS, type Viewer } from '../../identity/viewer.js';
import type { GatewayContext } from '../gateway-context.js';
import type { CacheOutcome } from './cache-outcome.js';

export interface CacheWarmerParts {
  readonly tiers: Tiers;
  /** Null: nobody remembers what was asked. */
  readonly asked: AskedOperations | null;
  createContext(viewer: Viewer): GatewayContext;
  /** Has it answered as if it were asked; its errors. */
  execute(operation: WarmOperation, context: GatewayContext): Promise<readonly GraphQLFormattedError[]>;
}

/** At a time: enough to keep PostgreSQL busy, and few enough to leave room for those who ask. */
const CONCURRENCY = 4;
/** Of whoever isn't anonymous and of whom nothing but tier and scopes matters. */
const STAND_IN = 'sluice:warming';

/** Answers operations before anybody asks. Nobody is charged for it, and what is kept already is left as it is. */
export class CacheWarmer implements Warmer {
  readonly #parts: CacheWarmerParts;

  constructor(parts: CacheWarmerParts) {
    this.#parts = parts;
  }

  async listAsked(most: number, timeoutMs: number): Promise<readonly WarmOperation[]> {
    return most === 0 ? [] : ((await this.#parts.asked?.list(most, timeoutMs)) ?? []);
  }

  async warm(operations: readonly WarmOperation[], signal?: AbortSignal): Promise<WarmReport> {
    const refused: WarmRefusal[] = [];
    let kept = 0;
    let present = 0;
    const waiting = operations.values();
    const work = async () => {
      for (const operation of waiting) {
        if (signal?.aborted) return;
        const came = await this.#answer(operation);
        if (came === 'kept') kept += 1;
        else if (came === 'present') present += 1;
        else refused.push({ operation: nameWarmOperation(operation), why: came.why });
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, work));
    return { kept, present, refused };
  }

  async #answer(operation: WarmOperation): Promise<'kept' | 'present' | { readonly why: string }> {
    const { tiers } = this.#parts;
    if (tiers.find(operation.tier) === null)
      return { why: `there is no tier "${operation.tier}": there are ${tiers.names.join(', ')}` };
    const context = this.#parts.createContext(toViewer(operation));
    try {
      const [error] = await this.#parts.execute(operation, context);
      if (error !== undefined) return { why: error.message };
      return judge(context.caching.outcome);
    } finally {
      context.end();
    }
  }
}

function toViewer({ tier, scopes }: WarmOperation): Viewer {
  if (tier === ANONYMOUS.tier && scopes.length === 0) return ANONYMOUS;
  return Object.freeze({ id: STAND_IN, tier, scopes, isAuthenticated: true });
}

function judge(outcome: CacheOutcome | null): 'kept' | 'present' | { readonly why: string } {
  switch (outcome?.kind) {
    case 'hit':
    case 'collapsed':
      return 'present';
    case 'computed':
      return outcome.refusal === null ? 'kept' : { why: outcome.refusal };
    // What of it can be kept is.
    case 'partial':
      return 'kept';
    case 'stale-if-error':
      return { why: 'the database does not answer' };
    case 'bypass':
      return { why: outcome.why };
    default:
      return { why: 'it is not looked up' };
  }
}
