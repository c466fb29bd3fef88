import type { Redis } from 'ioredis';
import type pg from 'pg';
import type { CaptureDemand } from '../changes/capture/capture-demand.js';
import { findUncaptured } from '../changes/capture/capture-state.js';
import { findPendingEngineSchema } from '../changes/capture/engine-schema.js';
import { type CapturePlan, planCapture } from '../changes/capture/plan-capture.js';
import { createChanges } from '../changes/node/create-changes.js';
import { loadPositionTokens } from '../changes/position-tokens.js';
import { createMissingChangesCheck } from '../gateway/changes/changes-check.js';
import type { GatewayChanges } from '../gateway/create-gateway.js';
import type { ReadinessCheck } from '../gateway/readiness.js';
import type { Config } from '../kernel/config/config.js';
import type { ModelGraph } from '../model/model-graph.js';
import type { Logger } from '../telemetry/logger.js';
import type { ChangesMetrics } from '../telemetry/metrics.js';
import type { ClosingStack } from './closing-stack.js';

export interface OpenChangesOptions {
  readonly config: Config['changes'];
  readonly databaseUrl: string;
  readonly pool: pg.Pool;
  /** Null: the log is this process's own. */
  readonly redis: Redis | null;
  readonly graph: ModelGraph;
  /** What reads of the API ask of capture. */
  readonly demand: CaptureDemand;
  readonly metrics: ChangesMetrics;
  readonly log: Logger;
  /** What is opened is added, to be closed. */
  readonly closing: ClosingStack;
}

export interface OpenedChanges {
  /** Null: nobody follows changes. */
  readonly changes: GatewayChanges | null;
  /** For `/readyz`, where they should be followed and can't. */
  readonly checks: readonly ReadinessCheck[];
}

const MIGRATE = 'npm run sluice -- migrate';
const INSTALL = 'npm run sluice -- capture install';

/**
 * Follows the database's changes, where it tells of any. Where it doesn't, the gateway serves all the same: one line
 * in the log says what to do, and `/readyz` says it too.
 */
export async function openChanges(options: OpenChangesOptions): Promise<OpenedChanges> {
  const { config, pool, log, closing } = options;
  if (!config.enabled) return { changes: null, checks: [] };
  const plan = await planNow(options);
  const missing = await findMissing(options, plan);
  if (missing !== null) {
    log.warn(`Changes are not followed: ${missing}`);
    return { changes: null, checks: [createMissingChangesCheck(missing)] };
  }
  const node = createChanges({
    ...config,
    databaseUrl: options.databaseUrl,
    redis: options.redis,
    metrics: options.metrics,
    log,
    // Planned anew each time: tables change while a server runs.
    findUncaptured: async () => findUncaptured(pool, await planNow(options), plan),
  });
  closing.add(() => node.close());
  return { changes: { node, tokens: await loadPositionTokens(pool) }, checks: [] };
}

/** What is to be done before changes can be followed; null: nothing. What else is amiss is logged. */
async function findMissing({ pool, log }: OpenChangesOptions, plan: CapturePlan): Promise<string | null> {
  if ((await findPendingEngineSchema(pool)).length > 0) {
    return `the database lacks tables of Sluice. Run \`${MIGRATE}\`, then \`${INSTALL}\`, and start again`;
  }
  const uncaptured = await findUncaptured(pool, plan);
  // Not those that can't be captured at all, such as views.
  const mendable = uncaptured.filter((model) => plan.specs.has(model));
  if (mendable.length === plan.specs.size) return `no model is captured. Run \`${INSTALL}\`, and start again`;
  if (mendable.length > 0) {
    log.warn(`Changes of ${mendable.join(', ')} are not captured as they should be. Run \`${INSTALL}\``);
  }
  return null;
}

function planNow({ pool, graph, demand }: OpenChangesOptions): Promise<CapturePlan> {
  return planCapture(pool, graph, demand);
}
