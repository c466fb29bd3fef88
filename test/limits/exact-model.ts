import type { Charge } from '../../src/limits/charge.js';
import { LOG_LIMIT, SUB_BUCKETS } from '../../src/limits/windows/granule.js';

interface Grant {
  atMs: number;
  readonly units: number;
  /** Had left, or may have, when something else was granted: it doesn't come back if the clock is set back. */
  gone: 'no' | 'maybe' | 'yes';
}

/** What a limiter may answer for one charge. */
export type Verdict = 'must-grant' | 'must-deny' | 'may-do-either';

/** Every grant that there ever was, one by one, and nothing else: slow, and plainly right. */
export class ExactModel {
  readonly #grants = new Map<string, Grant[]>();

  /** What is right for a charge, where earlier ones of its operation want `pending` of the same budget. */
  judge(charge: Charge, nowMs: number, pending: number): Verdict {
    const { limit, amount } = charge;
    if (amount === 0) return 'must-grant';
    const { least, most } = this.used(charge, nowMs);
    if (least + pending + amount > limit) return 'must-deny';
    return most + pending + amount <= limit ? 'must-grant' : 'may-do-either';
  }

  /** Units that count: by the exact window, and by one that holds on to them for a sixtieth longer. */
  used(charge: Charge, nowMs: number): { readonly least: number; readonly most: number } {
    let [least, most] = [0, 0];
    for (const { atMs, units, gone } of this.#of(charge)) {
      if (gone === 'no' && atMs + charge.windowMs > nowMs) least += units;
      if (gone !== 'yes' && atMs + charge.windowMs + slackOf(charge) > nowMs) most += units;
    }
    return { least, most };
  }

  grant(charge: Charge, nowMs: number): void {
    if (charge.amount === 0) return;
    const grants = this.#of(charge);
    for (const grant of grants) {
      if (grant.atMs + charge.windowMs <= nowMs && grant.gone === 'no') grant.gone = 'maybe';
      if (grant.atMs + charge.windowMs + slackOf(charge) <= nowMs) grant.gone = 'yes';
    }
    grants.push({ atMs: nowMs, units: charge.amount, gone: 'no' });
  }

  /** What was granted "later" counts as granted now: a clock that was set back must neither free nor lock. */
  setBack(charge: Charge, nowMs: number): void {
    for (const grant of this.#of(charge)) grant.atMs = Math.min(grant.atMs, nowMs);
  }

  #of({ key, rule }: Charge): Grant[] {
    const name = JSON.stringify([key, rule]);
    const grants = this.#grants.get(name) ?? [];
    this.#grants.set(name, grants);
    return grants;
  }
}

/** Sub-buckets may hold on to a grant for too long, but never by more than this. */
function slackOf({ limit, windowMs }: Charge): number {
  return limit <= LOG_LIMIT ? 0 : windowMs / SUB_BUCKETS;
}
