import type { CaptureDemand } from '../changes/capture/capture-demand.js';
import type { AppDefinition } from '../gateway/app-definition.js';
import type { Config } from '../kernel/config/config.js';
import type { ModelGraph } from '../model/model-graph.js';
import { readSchemaName } from '../reads/pg/create-pool.js';
import { connectDatabase } from './database/connect-database.js';
import { fillOwnedDatabase, openOwnedDatabase, readOwnedState } from './database/owned-database.js';
import { prepareCapture } from './database/prepare-capture.js';
import { prepareDatabase } from './database/prepare-database.js';
import type { DatabaseService } from './open-services.js';
import { createProgress } from './progress.js';
import type { Terminal } from './terminal.js';

export interface OpenDatabaseOptions {
  readonly service: DatabaseService;
  readonly config: Config;
  readonly migrationsDirectory: string;
  readonly graph: ModelGraph;
  /** What reads of the API ask of capture. */
  readonly demand: CaptureDemand;
  readonly app: AppDefinition;
  readonly terminal: Terminal;
}

/**
 * The URL of a database that has all that the model names. Sluice's own is made, migrated and filled first, and tells
 * of its changes; one of the user's is looked at, and migrated where the configuration says so.
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<string> {
  const { service, config, migrationsDirectory, graph, demand, app, terminal } = options;
  const url = service.url ?? (await openOwnedDatabase(service.adminUrl ?? '')).url;
  const isOwn = service.url === null;
  const client = await connectDatabase(url, config.database.connectTimeoutMs);
  try {
    await prepareDatabase({
      client,
      migrationsDirectory,
      graph,
      migrate: isOwn ? 'on-start' : config.database.migrate,
      onProgress: (message) => terminal.note(message),
    });
    if (isOwn && (await readOwnedState(client)) === 'new') {
      const progress = createProgress('Seeding', terminal);
      const begunMs = performance.now();
      const { env } = config;
      await fillOwnedDatabase({ client, databaseUrl: url, app, scale: 1, env, onProgress: progress.update });
      if (app.seed !== undefined) {
        progress.finish(`Seeded in ${((performance.now() - begunMs) / 1000).toFixed(1)} s`);
      }
    }
    if (isOwn) {
      const defaultSchema = readSchemaName(url);
      await prepareCapture({ client, graph, demand, rollups: app.rollups ?? [], defaultSchema });
    }
    return url;
  } finally {
    await client.end();
  }
}
