import { describeDenial } from '../describe-denial.js';
import type { ChargeState, Decision, Outcome } from '../limiter.js';
import type { BatchedOperation } from './encode-batch.js';

const OUTCOMES: readonly Outcome[] = ['granted', 'limited', 'limited', 'blocked'];
const BLOCKED_NOW = 2;

/** What the script says of each operation of a batch. */
export function decodeReply(reply: readonly number[], operations: readonly BatchedOperation[]): Decision[] {
  let at = 0;
  const next = (): number => reply[at++] ?? Number.NaN;
  const timeMs = next() / 1000;
  return operations.map(({ charges }) => {
    const code = next();
    const blockedMs = next();
    const states = charges.map((charge): ChargeState => {
      const units = next();
      const resetMs = next();
      const hasRoom = units >= 0;
      return {
        charge,
        hasRoom,
        remaining: hasRoom ? units : -1 - units,
        resetMs: resetMs < 0 ? null : resetMs,
      };
    });
    const outcome = OUTCOMES[code] ?? 'limited';
    return {
      outcome,
      charges: states,
      ...describeDenial(states, outcome, blockedMs),
      decider: 'redis',
      timeMs,
      isBlockedNow: code === BLOCKED_NOW,
    };
  });
}
