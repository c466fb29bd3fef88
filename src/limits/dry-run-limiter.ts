import { isPromise } from '../kernel/is-promise.js';
import type { Decision, LimitedOperation, Limiter } from './limiter.js';

/**
 * Decides as the limiter below it does, tells what that would have denied, and grants all the same. What would have been
 * denied is not charged: figures are those that callers would meet if it were enforced.
 */
export class DryRunLimiter implements Limiter {
  readonly #limiter: Limiter;
  readonly #onDenied: (decision: Decision, operation: LimitedOperation) => void;

  constructor(limiter: Limiter, onDenied: (decision: Decision, operation: LimitedOperation) => void) {
    this.#limiter = limiter;
    this.#onDenied = onDenied;
  }

  take(operation: LimitedOperation): Decision | Promise<Decision> {
    const decision = this.#limiter.take(operation);
    return isPromise(decision)
      ? decision.then((decided) => this.#grant(decided, operation))
      : this.#grant(decision, operation);
  }

  peek(operation: LimitedOperation): Decision | Promise<Decision> {
    return this.#limiter.peek(operation);
  }

  #grant(decision: Decision, operation: LimitedOperation): Decision {
    if (decision.outcome === 'granted') return decision;
    this.#onDenied(decision, operation);
    return { ...decision, outcome: 'granted', deniedBy: [], retryMs: 0 };
  }
}
