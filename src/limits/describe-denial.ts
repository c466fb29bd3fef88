import type { ChargeState, Decision, Outcome } from './limiter.js';

const GRANTED = Object.freeze({ deniedBy: Object.freeze([]), retryMs: 0 });

/** Which rules denied, and until when at least. `blockedMs`: what is left of a block. */
export function describeDenial(
  charges: readonly ChargeState[],
  outcome: Outcome,
  blockedMs: number,
): Pick<Decision, 'deniedBy' | 'retryMs'> {
  if (outcome === 'granted') return GRANTED;
  if (outcome === 'blocked') return { deniedBy: [], retryMs: blockedMs };
  const denied = charges.filter(({ hasRoom }) => !hasRoom);
  let retryMs: number | null = blockedMs;
  for (const { resetMs } of denied) {
    retryMs = resetMs === null || retryMs === null ? null : Math.max(retryMs, resetMs);
  }
  return { deniedBy: denied.map(({ charge }) => charge.rule), retryMs };
}
