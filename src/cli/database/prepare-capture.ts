import type { ClientBase } from 'pg';
import type { CaptureDemand } from '../../changes/capture/capture-demand.js';
import { applyEngineSchema } from '../../changes/capture/engine-schema.js';
import { type InstalledCapture, installCapture } from '../../changes/capture/install-capture.js';
import { planCapture } from '../../changes/capture/plan-capture.js';
import type { ModelGraph } from '../../model/model-graph.js';

export interface PrepareCaptureOptions {
  readonly client: ClientBase;
  readonly graph: ModelGraph;
  readonly demand: CaptureDemand;
}

/** Has a database of Sluice's own tell of all its changes; where it does so already, nothing is touched. */
export async function prepareCapture({
  client,
  graph,
  demand,
}: PrepareCaptureOptions): Promise<InstalledCapture> {
  await applyEngineSchema(client);
  return installCapture(client, await planCapture(client, graph, demand));
}
