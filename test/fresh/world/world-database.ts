import type pg from 'pg';
import type { CaptureDemand } from '../../../src/changes/capture/capture-demand.js';
import { applyEngineSchema } from '../../../src/changes/capture/engine-schema.js';
import { installCapture } from '../../../src/changes/capture/install-capture.js';
import { planCapture } from '../../../src/changes/capture/plan-capture.js';
import type { ModelGraph } from '../../../src/model/model-graph.js';
import { DB_MOODS, RANDOM_TAXON } from './change.js';
import { FOODS, type World } from './world.js';

export const HISTORY_TABLE = 'fresh.history';

/**
 * Each transaction that writes takes the next version first, and so a lock that it holds to its end: versions are in the
 * order of commits, without a gap, and each begins where the one before has ended. Nothing of this is captured.
 */
const HISTORY_SQL = `
  CREATE SCHEMA fresh;
  CREATE TABLE ${HISTORY_TABLE} (version integer PRIMARY KEY, op text NOT NULL UNIQUE);
  CREATE TABLE fresh.head (version integer NOT NULL);
  INSERT INTO fresh.head VALUES (0);
  CREATE FUNCTION ${HISTORY_TABLE}_next(op text) RETURNS integer LANGUAGE sql AS $$
    WITH next AS (UPDATE fresh.head SET version = version + 1 RETURNING version)
    INSERT INTO ${HISTORY_TABLE} SELECT version, op FROM next RETURNING version
  $$;
`;

/** Fills the zoo's database with the world, and has its changes captured. */
export async function fillDatabase(
  client: pg.Client,
  world: World,
  capture: { readonly graph: ModelGraph; readonly demand: CaptureDemand },
): Promise<void> {
  await client.query(HISTORY_SQL);
  await client.query('TRUNCATE zoo.animals, zoo.keepers, zoo.foods, records.notes CASCADE');
  await insert(
    client,
    'zoo.foods',
    FOODS.map((name) => ({ name })),
  );
  await insert(
    client,
    'zoo.keepers',
    [...world.keepers].map(([id, name]) => ({ id, badge: `K${id}`, name })),
  );
  await insert(
    client,
    'zoo.animals',
    [...world.animals.values()].map(({ id, name, mood, carer }) => {
      return { id, name, mood: DB_MOODS[mood], carer_id: carer, taxon_id: RANDOM_TAXON };
    }),
  );
  await insert(
    client,
    'zoo.feedings',
    [...world.feedings].flatMap(([id, foods]) =>
      [...foods].map((food) => ({ animal_id: id, food_name: food, grams: 1 })),
    ),
  );
  await insert(
    client,
    'records.notes',
    [...world.notes].map(([id, { keeper, text }]) => ({ id, keeper_id: keeper, text })),
  );
  await applyEngineSchema(client);
  await installCapture(client, await planCapture(client, capture.graph, capture.demand));
}

async function insert(client: pg.Client, table: string, rows: readonly object[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {}).join(', ');
  await client.query(
    `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::${table}, $1)`,
    [JSON.stringify(rows)],
  );
}
