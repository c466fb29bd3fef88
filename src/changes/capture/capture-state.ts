import { z } from 'zod';
import type { SqlClient } from '../../model/database-catalog.js';
import { hashSpec } from './capture-spec.js';
import type { CapturePlan } from './plan-capture.js';

/** What the database says of a captured model; sluice.capture_state() says what the faults mean. */
export type CaptureFault = 'moved' | 'missing' | 'disabled' | 'changed' | 'partition';

/**
 * How a model stands: as it should · never installed, or removed · installed from another state of the model or of the
 * API · damaged since.
 */
export type CaptureState =
  | { readonly kind: 'captured' }
  | { readonly kind: 'absent' }
  | { readonly kind: 'outdated' }
  | { readonly kind: 'broken'; readonly fault: CaptureFault };

export interface CaptureStates {
  /** Of each model of the plan's specs. */
  readonly models: ReadonlyMap<string, CaptureState>;
  /** Models that are captured in the database and that the plan doesn't know. */
  readonly strays: readonly string[];
}

const stateRow = z.object({
  model: z.string(),
  hash: z.string(),
  fault: z.enum(['moved', 'missing', 'disabled', 'changed', 'partition']).nullable(),
});

/** Compares what is installed with what should be; one statement. Needs the engine's schema. */
export async function readCaptureStates(client: SqlClient, plan: CapturePlan): Promise<CaptureStates> {
  const { rows } = await client.query('SELECT model, hash, fault FROM sluice.capture_state()', []);
  const installed = new Map(
    z
      .array(stateRow)
      .parse(rows)
      .map((row) => [row.model, row]),
  );
  const models = new Map<string, CaptureState>();
  for (const [model, spec] of plan.specs) {
    const found = installed.get(model);
    if (found === undefined) models.set(model, { kind: 'absent' });
    else if (found.fault !== null) models.set(model, { kind: 'broken', fault: found.fault });
    else models.set(model, { kind: found.hash === hashSpec(spec) ? 'captured' : 'outdated' });
  }
  return { models, strays: [...installed.keys()].filter((model) => !plan.specs.has(model)).sort() };
}

/**
 * Models whose changes are not told as `held` wants, by which this process tells what reads depend on: those that
 * can't be captured among them. `planned` is what the database looks like now; where a table has changed since, neither
 * its triggers nor what is held may fit any longer. What nodes ask from time to time.
 */
export async function findUncaptured(
  client: SqlClient,
  planned: CapturePlan,
  held: CapturePlan = planned,
): Promise<readonly string[]> {
  const { models } = await readCaptureStates(client, planned);
  const found = new Set(planned.refused.keys());
  for (const [model, spec] of held.specs) {
    const now = planned.specs.get(model);
    const isHeld = now !== undefined && hashSpec(now) === hashSpec(spec);
    if (!isHeld || models.get(model)?.kind !== 'captured') found.add(model);
  }
  return [...found].sort();
}
