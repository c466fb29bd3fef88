import type pg from 'pg';
import type { CaptureDemand } from '../changes/capture/capture-demand.js';
import { findUncaptured } from '../changes/capture/capture-state.js';
import { type CapturePlan, planCapture } from '../changes/capture/plan-capture.js';
import { voidTouched } from '../changes/capture/void-touched.js';
import { createChanges } from '../changes/node/create-changes.js';
import { loadPositionTokens } from '../changes/position-tokens.js';
import { createMissingChangesCheck } from '../gateway/changes/changes-check.js';
import type { GatewayChanges } from '../gateway/gateway-parts.js';
import type { ReadinessCheck } from '../gateway/readiness.js';
import type { Config } from '../kernel/config/config.js';
import type { RedisClient } from '../kernel/redis-client.js';
import type { ModelGraph } from '../model/model-graph.js';
import type { Logger } from '../telemetry/logger.js';
import type { ChangesMetrics } from '../telemetry/metrics.js';
import type { ClosingStack } from './closing-stack.js';
import { MIGRATE } from './require-engine-schema.js';

export interface OpenChangesOptions {
  readonly config: Config['changes'];
  readonly databaseUrl: string;
  readonly pool: pg.Pool;
  /** Whether the database has all tables of Sluice. */
  readonly hasEngineSchema: boolean;
  /** Null: the log is this process's own. */
  readonly redis: RedisClient | null;
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
  /** What is captured, by model; null: nobody follows changes. */
  readonly specs: CapturePlan['specs'] | null;
  /** For `/readyz`, where they should be followed and can't. */
  readonly checks: readonly ReadinessCheck[];
}

const INSTALL = 'npm run sluice -- capture install';
const NO_TABLES = `the database lacks tables of Sluice. Run \`${MIGRATE}\`, then \`${INSTALL}\`, and start again`;

/**
 * Follows the database's changes, where it has the tables for that. Where it doesn't, or where nothing tells of a
 * model's changes, the gateway serves all the same: one line in the log says what to do, and `/readyz` says it too.
 */
export async function openChanges(options: OpenChangesOptions): Promise<OpenedChanges> {
  const { config, pool, log, closing } = options;
  if (!config.enabled) return { changes: null, specs: null, checks: [] };
  if (!options.hasEngineSchema) {
    log.warn(`Changes are not followed: ${NO_TABLES}`);
    return { changes: null, specs: null, checks: [createMissingChangesCheck(NO_TABLES)] };
  }
  const plan = await planNow(options);
  const uncaptured = await tellUncaptured(options, plan);
  const node = createChanges({
    ...config,
    databaseUrl: options.databaseUrl,
    redis: options.redis,
    metrics: options.metrics,
    log,
    uncaptured,
    findUncaptured: () => lookAtCapture(options, plan),
  });
  closing.add(() => node.close());
  return { changes: { node, tokens: await loadPositionTokens(pool) }, specs: plan.specs, checks: [] };
}

/** Planned anew each time: tables change while a server runs. */
async function lookAtCapture(options: OpenChangesOptions, held: CapturePlan): Promise<readonly string[]> {
  const { pool, log } = options;
  const uncaptured = await findUncaptured(pool, await planNow(options), held);
  const touched = await voidTouched(pool);
  if (touched.length > 0)
    log.info(
      { models: touched },
      'Triggers or partitions were changed; what was known of these models is void',
    );
  return uncaptured;
}

/** Logs which models are not captured and could be; all that are not. Nodes look again every few seconds. */
async function tellUncaptured(
  { pool, log }: OpenChangesOptions,
  plan: CapturePlan,
): Promise<readonly string[]> {
  const uncaptured = await findUncaptured(pool, plan);
  // Not those that can't be captured at all, such as views.
  const mendable = uncaptured.filter((model) => plan.specs.has(model));
  if (mendable.length === 0) return uncaptured;
  const isAll = mendable.length === plan.specs.size;
  log.warn(
    isAll
      ? `No model is captured, so nothing is kept. Run \`${INSTALL}\``
      : `Changes of ${mendable.join(', ')} are not captured as they should be. Run \`${INSTALL}\``,
  );
  return uncaptured;
}

function planNow({ pool, graph, demand }: OpenChangesOptions): Promise<CapturePlan> {
  return planCapture(pool, graph, demand);
}
