import pg from 'pg';
import { bindApi } from '../../dist/binding/bind-schema.js';
import { findCaptureDemand } from '../../dist/binding/capture-demand.js';
import { applyEngineSchema } from '../../dist/changes/capture/engine-schema.js';
import { installCapture } from '../../dist/changes/capture/install-capture.js';
import { planCapture } from '../../dist/changes/capture/plan-capture.js';

/** Has the database tell of its changes as the API's filters and orders want it, as any must whose answers are kept. */
export async function installBenchCapture(connectionString, { sdl, graph, app }) {
  const limits = { defaultPageRows: 20, maxPageRows: 1_000 };
  const { bindings } = bindApi({ sdl, graph, resolvers: app.resolvers, limits });
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await applyEngineSchema(client);
    await installCapture(client, await planCapture(client, graph, findCaptureDemand(bindings)));
  } finally {
    await client.end();
  }
}
