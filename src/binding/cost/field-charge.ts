import type { FieldLimit } from './cost-table.js';

/** What an operation takes of one field's limit. */
export interface FieldCharge {
  readonly coordinate: string;
  readonly durationSeconds: number;
  /** How often the field may be resolved in that time, by the caller's tier; all tiers are there. */
  readonly limits: FieldLimit['limits'];
  /** How often the operation resolves it, at most. */
  readonly amount: number;
}

/** A charge of a limit. */
export function chargeOf(limit: FieldLimit, amount: number): FieldCharge {
  const { coordinate, durationSeconds, limits } = limit;
  return Object.freeze({ coordinate, durationSeconds, limits, amount });
}

/** The limit that holds for a tier; a tier that isn't known may nothing. */
export function limitFor(limit: Pick<FieldLimit, 'limits'>, tier: string): number {
  return Object.hasOwn(limit.limits, tier) ? (limit.limits[tier] ?? 0) : 0;
}
