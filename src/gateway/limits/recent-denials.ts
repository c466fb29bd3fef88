import { HeaderMap } from '@apollo/server';
import type { Caller } from '../../identity/caller.js';
import { BoundedCache } from '../../kernel/bounded-cache.js';
import type { SluiceError } from '../../kernel/sluice-error.js';
import { findRuleKind } from '../../limits/charge.js';
import type { Decision } from '../../limits/limiter.js';
import { explainDecision, toRetrySeconds } from './explain-decision.js';
import { tellBudgets } from './limit-headers.js';

/** What a caller is told who is denied whatever they ask. */
export interface Denial {
  readonly error: SluiceError;
  readonly headers: Iterable<readonly [string, string]>;
}

/** A block that is lifted, or a tier that is raised, shows this much later at most. */
const MAX_AGE_MS = 1_000;
const MAX_CALLERS = 10_000;

/**
 * Callers who have just been denied, and would be whatever they ask: who is blocked, or has no request left. For a moment
 * they are refused without reading what they send, so that hammering costs next to nothing.
 */
export class RecentDenials {
  readonly #denials = new BoundedCache<Denial>({ maxEntries: MAX_CALLERS, maxWeight: MAX_CALLERS });

  note(caller: Caller, tier: string, decision: Decision): void {
    const ageMs = Math.min(MAX_AGE_MS, findCertainMs(decision));
    const error = ageMs > 0 ? explainDecision(decision, tier) : null;
    if (error === null) return;
    const headers = new HeaderMap();
    tellBudgets({ headers }, decision);
    const retrySeconds = toRetrySeconds(decision);
    if (retrySeconds !== null) headers.set('retry-after', String(retrySeconds));
    this.#denials.set(keyOf(caller), { error, headers: [...headers] }, { weight: 1, ttlMs: ageMs });
  }

  find(caller: Caller): Denial | null {
    return this.#denials.size === 0 ? null : (this.#denials.get(keyOf(caller)) ?? null);
  }
}

// Who comes back in another tier has other budgets.
function keyOf({ key, viewer }: Caller): string {
  return `${viewer.tier} ${key}`;
}

/** How long everything that the caller may ask will be denied; 0: something may be granted at once. */
function findCertainMs({ outcome, retryMs, charges }: Decision): number {
  if (outcome === 'blocked') return retryMs ?? MAX_AGE_MS;
  if (outcome !== 'limited') return 0;
  const waits = charges
    .filter(({ charge, hasRoom }) => !hasRoom && findRuleKind(charge.rule) === 'requests')
    .map(({ resetMs }) => resetMs ?? MAX_AGE_MS);
  return Math.max(0, ...waits);
}
