import { type IRateLimiterOptions, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { FieldLimit } from './cost-table.js';
import type { FieldLedger } from './field-ledger.js';

/** What a field's resolver draws on. */
export interface LimitTicket {
  /** Null: nobody is held to limits. */
  readonly ledger: FieldLedger | null;
  readonly limit: FieldLimit;
}

/**
 * graphql-rate-limit-directive gives its limiter nothing but a text. A ticket is that text: under it the limiter finds
 * the request's ledger, once.
 */
export class LimitTickets {
  readonly #open = new Map<string, LimitTicket>();
  #count = 0;

  /** How many were opened and not taken. */
  get size(): number {
    return this.#open.size;
  }

  open(ticket: LimitTicket): string {
    this.#count += 1;
    const key = String(this.#count);
    this.#open.set(key, ticket);
    return key;
  }

  /** @throws RangeError for a key that isn't open */
  take(key: string): LimitTicket {
    const ticket = this.#open.get(key);
    if (ticket === undefined) throw new RangeError(`There is no open ticket "${key}"`);
    this.#open.delete(key);
    return ticket;
  }
}

export interface LedgerLimiterOptions extends IRateLimiterOptions {
  readonly tickets: LimitTickets;
}

/**
 * The limiter that graphql-rate-limit-directive consumes from: it holds a field to what was decided for its request
 * before execution. It counts nothing by itself. The package wants a class of rate-limiter-flexible's own, of which only
 * the types have an abstract one.
 */
export class LedgerLimiter extends RateLimiterMemory {
  readonly #tickets: LimitTickets;

  constructor(options: LedgerLimiterOptions) {
    super(options);
    this.#tickets = options.tickets;
  }

  /** `key` is a ticket. @throws SluiceError `RATE_LIMITED`, which the package hands on as the field's error */
  override async consume(key: string | number): Promise<RateLimiterRes> {
    const { ledger, limit } = this.#tickets.take(String(key));
    const verdict = ledger === null ? null : await ledger.take(limit);
    if (ledger !== null && verdict?.kind === 'denied') throw ledger.explain(limit, verdict);
    return new RateLimiterRes(0, 0, 1);
  }
}
