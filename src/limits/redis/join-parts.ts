import type { Charge } from '../charge.js';
import type { ChargeState, Decision } from '../limiter.js';

/** One decision of those of an operation's parts, of which the last may be a denial. */
export function joinParts(charges: readonly Charge[], parts: readonly Decision[]): Decision {
  const [first] = parts;
  const last = parts.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('An operation has at least one part');
  if (first === last && last.charges.length === charges.length) return last;
  const states = parts.flatMap((part) => part.charges);
  return {
    ...last,
    // Those that were not asked any more, since another had denied by then.
    charges: charges.map((charge) => states.find((state) => state.charge === charge) ?? unasked(charge)),
    isBlockedNow: parts.some(({ isBlockedNow }) => isBlockedNow),
  };
}

function unasked(charge: Charge): ChargeState {
  return { charge, hasRoom: true, remaining: charge.limit, resetMs: 0 };
}
