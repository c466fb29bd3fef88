import { SluiceError } from '../../kernel/sluice-error.js';
import type { FieldLimit } from './cost-table.js';
import { chargeOf, type FieldCharge, limitFor } from './field-charge.js';

/** What became of charges of fields' limits. They are granted or denied together. */
export type FieldVerdict =
  | { readonly kind: 'granted' }
  /** `retryAfterSeconds`: when asking again may help, at least 1. */
  | { readonly kind: 'denied'; readonly coordinate: string; readonly retryAfterSeconds: number };

export interface FieldLedgerOptions {
  /** The caller's. */
  readonly tier: string;
  /** Charges the caller now: what wasn't charged before execution. */
  readonly charge: (charges: readonly FieldCharge[]) => Promise<FieldVerdict>;
}

/**
 * What one request has been granted of fields' own limits before it ran, and what it has used of that since. Resolvers
 * draw on it; what it doesn't hold is charged when it is asked for, so that no field slips through.
 */
export class FieldLedger {
  readonly #granted = new Map<string, number>();
  readonly #denied = new Map<string, FieldVerdict & { readonly kind: 'denied' }>();

  constructor(private readonly options: FieldLedgerOptions) {}

  /** Notes what was decided of an operation's charges. Those of a batch's operations add up. */
  note(charges: readonly FieldCharge[], verdict: FieldVerdict): void {
    for (const { coordinate, amount } of charges) {
      if (verdict.kind === 'denied') this.#denied.set(coordinate, verdict);
      else this.#granted.set(coordinate, (this.#granted.get(coordinate) ?? 0) + amount);
    }
  }

  /** One resolution of a field. Waits for nobody where it was decided before. */
  async take(limit: FieldLimit): Promise<FieldVerdict> {
    const { coordinate } = limit;
    const left = this.#granted.get(coordinate) ?? 0;
    if (left >= 1) {
      this.#granted.set(coordinate, left - 1);
      return GRANTED;
    }
    const denied = this.#denied.get(coordinate);
    if (denied !== undefined) return denied;
    const verdict = await this.options.charge([chargeOf(limit, 1)]);
    // Its siblings need not ask again.
    if (verdict.kind === 'denied') this.#denied.set(coordinate, verdict);
    return verdict;
  }

  /** The error for a denied field. */
  explain(limit: FieldLimit, verdict: FieldVerdict & { readonly kind: 'denied' }): SluiceError {
    return explainDenial(limit, this.options.tier, verdict);
  }
}

const GRANTED: FieldVerdict = Object.freeze({ kind: 'granted' });

/** `RATE_LIMITED`, which names the field, its limit for the tier, and when to ask again. */
export function explainDenial(
  limit: FieldLimit,
  tier: string,
  { coordinate, retryAfterSeconds }: FieldVerdict & { readonly kind: 'denied' },
): SluiceError {
  const problem =
    coordinate === limit.coordinate
      ? `${coordinate} may be asked for ${limitFor(limit, tier)} times in ${limit.durationSeconds} seconds (${tier})`
      : `${limit.coordinate} was asked for together with ${coordinate}, whose limit is used up (${tier})`;
  return new SluiceError('RATE_LIMITED', `${problem}: ask again in ${retryAfterSeconds} seconds`);
}
