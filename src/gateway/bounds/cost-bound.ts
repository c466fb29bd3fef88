import type { OperationCost } from '../../binding/cost/operation-costs.js';
import type { TierDefinition } from '../../identity/tiers.js';
import { SluiceError } from '../../kernel/sluice-error.js';

/**
 * Refuses an operation that costs more than one operation of the caller's tier may.
 *
 * @throws SluiceError `COST_EXCEEDED`, which tells both numbers and the root field that costs most
 */
export function refuseDearOperation(
  { cost, fields }: OperationCost,
  { name, maxOperationCost }: Pick<TierDefinition, 'name' | 'maxOperationCost'>,
): void {
  if (cost <= maxOperationCost) return;
  const [first, ...others] = fields;
  const dearest = others.reduce(
    (most, field) => (most !== undefined && field.cost <= most.cost ? most : field),
    first,
  );
  const blame = dearest === undefined ? '' : `, ${dearest.cost} of them for "${dearest.key}"`;
  throw new SluiceError(
    'COST_EXCEEDED',
    `The operation costs ${cost} points${blame}; at most ${maxOperationCost} are allowed (${name}).`,
  );
}
