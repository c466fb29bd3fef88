import pg from 'pg';
import { type CaptureDemand, NO_DEMAND } from '../../../src/changes/capture/capture-demand.js';
import { applyEngineSchema } from '../../../src/changes/capture/engine-schema.js';
import { installCapture } from '../../../src/changes/capture/install-capture.js';
import { type CapturePlan, planCapture } from '../../../src/changes/capture/plan-capture.js';
import type { ModelGraph } from '../../../src/model/model-graph.js';
import { createDomainDatabase } from '../../domain/domain-database.js';
import { domainGraph } from '../../domain/domain-graph.js';

/** A zoo whose changes are captured. */
export interface CapturedZoo {
  readonly url: string;
  readonly graph: ModelGraph;
  readonly client: pg.Client;
  readonly plan: CapturePlan;
  /** The tags of what `sql` commits, sorted, each once. */
  tagsOf(sql: string, values?: readonly unknown[]): Promise<string[]>;
  /** Empties the outbox. */
  takeTags(): Promise<string[]>;
  close(): Promise<void>;
}

export async function openCapturedZoo(
  options: { readonly demand?: CaptureDemand; readonly before?: string } = {},
): Promise<CapturedZoo> {
  const [database, graph] = await Promise.all([createDomainDatabase(), domainGraph()]);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  if (options.before !== undefined) await client.query(options.before);
  await applyEngineSchema(client);
  const plan = await planCapture(client, graph, options.demand ?? NO_DEMAND);
  await installCapture(client, plan);
  const takeTags = async (): Promise<string[]> => {
    const { rows } = await client.query<{ tags: string[] }>('DELETE FROM sluice.outbox RETURNING tags');
    return [...new Set(rows.flatMap(({ tags }) => tags))].sort();
  };
  await takeTags();
  return {
    url: database.url,
    graph,
    client,
    plan,
    tagsOf: async (sql, values) => {
      await client.query(sql, values === undefined ? undefined : [...values]);
      return takeTags();
    },
    takeTags,
    close: async () => {
      await client.end();
      await database.drop();
    },
  };
}
