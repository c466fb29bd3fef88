import type { ClientBase } from 'pg';
import type { CaptureDemand } from '../../changes/capture/capture-demand.js';
import { applyEngineSchema } from '../../changes/capture/engine-schema.js';
import { type InstalledCapture, installCapture } from '../../changes/capture/install-capture.js';
import { planCapture } from '../../changes/capture/plan-capture.js';
import { installRollups } from '../../jobs/rollups/install-rollups.js';
import type { RollupDefinition } from '../../jobs/rollups/rollup-definition.js';
import type { ModelGraph } from '../../model/model-graph.js';

export interface PrepareCaptureOptions {
  readonly client: ClientBase;
  readonly graph: ModelGraph;
  readonly demand: CaptureDemand;
  readonly rollups: readonly RollupDefinition[];
  /** Of tables whose model names none. */
  readonly defaultSchema: string;
}

/** Has a database of Sluice's own tell of all its changes; where it does so already, nothing is touched. */
export async function prepareCapture({
  client,
  graph,
  demand,
  rollups,
  defaultSchema,
}: PrepareCaptureOptions): Promise<InstalledCapture> {
  await applyEngineSchema(client);
  const installed = await installCapture(client, await planCapture(client, graph, demand));
  await installRollups(client, rollups, { graph, defaultSchema });
  return installed;
}
