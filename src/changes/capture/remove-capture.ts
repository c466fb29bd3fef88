import { z } from 'zod';
import type { SqlClient } from '../../model/database-catalog.js';
import { quoteIdentifier } from '../../model/sql/identifiers.js';
import { collapseTag } from '../tags/tag-grammar.js';
import { captureFunctionNames } from './capture-triggers.js';
import { inTransaction } from './schema-transaction.js';

const modelRow = z.object({ model: z.string() });

/**
 * Takes all triggers away; the engine's tables stay. Nodes notice and stop caching by change.
 *
 * @param client a connection of the tables' owner that nobody else uses meanwhile, outside a transaction
 * @returns the models that were captured
 * @throws SluiceError `TIMEOUT` where a table's readers and writers don't let go of it in time
 */
export async function removeCapture(client: SqlClient): Promise<readonly string[]> {
  const { rows } = await client.query('SELECT model FROM sluice.capture ORDER BY model', []);
  const models = z
    .array(modelRow)
    .parse(rows)
    .map(({ model }) => model);
  for (const model of models) await removeModel(client, model);
  return models;
}

const triggerRow = z.object({ table: z.string(), name: z.string() });

/** Wherever its table is by now; a table that is gone has taken its triggers along. */
export async function removeModel(client: SqlClient, model: string): Promise<void> {
  await inTransaction(client, model, async () => {
    const { rows } = await client.query(
      `SELECT t.tgrelid::regclass::text AS table, t.tgname::text AS name
       FROM sluice.capture c
       JOIN pg_trigger t ON t.tgrelid = c.relation OR t.tgrelid IN (SELECT relid FROM pg_partition_tree(c.relation))
       WHERE c.model = $1 AND t.tgname LIKE 'sluice\\_%' AND t.tgparentid = 0`,
      [model],
    );
    for (const { table, name } of z.array(triggerRow).parse(rows)) {
      await client.query(`DROP TRIGGER ${quoteIdentifier(name)} ON ${table}`, []);
    }
    for (const name of captureFunctionNames(model)) {
      await client.query(`DROP FUNCTION IF EXISTS sluice.${quoteIdentifier(name)}()`, []);
    }
    await client.query('DELETE FROM sluice.capture WHERE model = $1', [model]);
    await client.query('INSERT INTO sluice.outbox (tags) VALUES (ARRAY[$1::text])', [collapseTag(model)]);
  });
}
