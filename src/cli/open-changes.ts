import type { Redis } from 'ioredis';
import type pg from 'pg';
import type { CaptureDemand } from '../changes/capture/capture-demand.js';
import { findUncaptured } from '../changes/capture/capture-state.js';
import { findPendingEngineSchema } from '../changes/capture/engine-schema.js';
import { planCapture } from '../changes/capture/plan-capture.js';
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

/**
 * Follows the database's changes, where it tells of any. Where it doesn't, the gateway serves all the same: one line
 * in the log says what to do, and `/readyz` says it too.
 */
export async function openChanges(options: OpenChangesOptions): Promise<OpenedChanges> {
  const { config, pool, log, closing } = options;
  if (!config.enabled) return { changes: null, checks: [] };
  const missing = await findMissing(options);
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
    findUncaptured: () => findUncapturedNow(options),
  });
  closing.add(() => node.close());
  return { changes: { node, tokens: await loadPositionTokens(pool) }, checks: [] };
}

/** What is to be done before changes can be followed; null: nothing. */
async function findMissing(options: OpenChangesOptions): Promise<string | null> {
  const { pool, graph, demand } = options;
  if ((await findPendingEngineSchema(pool)).length > 0) {
    return 'the database lacks tables of Sluice. Run `npm run sluice -- migrate`, then `npm run sluice -- capture install`, and start again';
  }
  const { specs } = await planCapture(pool, graph, demand);
  const uncaptured = new Set(await findUncapturedNow(options));
  const isAny = [...specs.keys()].some((model) => !uncaptured.has(model));
  return isAny ? null : 'no model is captured. Run `npm run sluice -- capture install`, and start again';
}

/** Planned anew each time: tables change while a server runs. */
async function findUncapturedNow({ pool, graph, demand }: OpenChangesOptions): Promise<readonly string[]> {
  return findUncaptured(pool, await planCapture(pool, graph, demand));
}
