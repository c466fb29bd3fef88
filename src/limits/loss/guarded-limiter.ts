import { Breaker } from '../../kernel/breaker.js';
import type { Charge } from '../charge.js';
import type { ChargeState, Decision, LimitedOperation, Limiter } from '../limiter.js';
import type { MemoryLimiter } from '../memory/memory-limiter.js';
import type { RedisLimiter } from '../redis/redis-limiter.js';
import { RedisLossError } from '../redis/redis-script.js';

export interface GuardedLimiterOptions {
  readonly shared: RedisLimiter;
  /** Counts this node's share while Redis is lost. It says so: its `decider` is `fallback`. */
  readonly own: MemoryLimiter;
  /** Among which a limit is divided then. */
  readonly nodes: number;
  /** How long Redis is left alone after a failure. */
  readonly retryMs: number;
  readonly onLost: (error: RedisLossError) => void;
  readonly onBack: () => void;
  /** A clock that never goes back. */
  readonly nowMs: () => number;
}

/** Counts in Redis, and where that is lost does what each rule's policy says. Never rejects for the loss of Redis. */
export class GuardedLimiter implements Limiter {
  readonly #options: GuardedLimiterOptions;
  readonly #breaker: Breaker;

  constructor(options: GuardedLimiterOptions) {
    this.#options = options;
    this.#breaker = new Breaker({
      retryMs: options.retryMs,
      probe: () => options.shared.probe(),
      onOpen: (error) => options.onLost(error as RedisLossError),
      onClose: options.onBack,
      nowMs: options.nowMs,
    });
  }

  take(operation: LimitedOperation): Promise<Decision> {
    return this.#decide(operation, 'take');
  }

  peek(operation: LimitedOperation): Promise<Decision> {
    return this.#decide(operation, 'peek');
  }

  async #decide(operation: LimitedOperation, mode: 'take' | 'peek'): Promise<Decision> {
    if (!this.#breaker.allows()) return this.#decideAlone(operation, mode);
    try {
      return await this.#options.shared[mode](operation);
    } catch (error) {
      if (!(error instanceof RedisLossError)) throw error;
      this.#breaker.fail(error);
      return this.#decideAlone(operation, mode);
    }
  }

  #decideAlone({ charges }: LimitedOperation, mode: 'take' | 'peek'): Decision {
    const { own, nodes } = this.#options;
    const closed = charges.filter(({ onLoss }) => onLoss === 'closed');
    const isClosed = closed.length > 0;
    const shares = charges.map((charge) => (charge.onLoss === 'local-share' ? shareOf(charge, nodes) : null));
    const counted = own.decide(
      // Who is blocked stands in Redis alone.
      { charges: shares.filter((share) => share !== null), subject: null },
      isClosed ? 'peek' : mode,
    );
    const states = counted.charges.values();
    const described = charges.map((charge, n): ChargeState => {
      const state = shares[n] === null ? undefined : states.next().value;
      if (state !== undefined) return { ...state, charge };
      const hasRoom = charge.onLoss === 'open';
      return { charge, hasRoom, remaining: hasRoom ? charge.limit : 0, resetMs: 0 };
    });
    if (!isClosed) return { ...counted, charges: described };
    return {
      ...counted,
      outcome: 'unavailable',
      charges: described,
      deniedBy: closed.map(({ rule }) => rule),
      retryMs: Math.ceil(this.#breaker.remainingMs),
    };
  }
}

/** Rounded down, so that all shares together are no more than the limit; but nobody's share is nothing. */
function shareOf(charge: Charge, nodes: number): Charge {
  return { ...charge, limit: Math.max(1, Math.floor(charge.limit / nodes)) };
}
