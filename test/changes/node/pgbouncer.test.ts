import type { Position } from '../../../src/changes/position.js';
import { until } from '../../embedded/until.js';
import { type PgBouncer, startPgBouncer } from '../../reads/pgbouncer.js';
import { type TestDatabase, testRedisUrl } from '../../services/database.js';
import { createChangesDatabase, withClient } from '../engine-tables.js';
import { openNode } from './open-node.js';

let bouncer: PgBouncer;
let database: TestDatabase;
beforeAll(async () => {
  [bouncer, database] = await Promise.all([startPgBouncer(), createChangesDatabase()]);
});
afterAll(async () => {
  await bouncer.stop();
  await database.drop();
});

describe('nodes behind PgBouncer in transaction mode', () => {
  it('drain and follow as they do without, and leave no setting behind', async () => {
    const databaseUrl = bouncer.toUrl(database.url);
    const nodes = await Promise.all([1, 2, 3].map(() => openNode({ databaseUrl, redisUrl: testRedisUrl() })));
    for (const { changes } of nodes) await until('trust', () => changes.ensureTrusted());
    for (let n = 1; n <= 30; n++) {
      const stamps = nodes.map(({ changes }) => changes.position);
      await withClient(databaseUrl, (client) =>
        client.query(`INSERT INTO sluice.outbox (tags) VALUES (ARRAY['Animal:${n}'])`),
      );
      const settled = await nodes[n % 3]!.changes.settle('wrote');
      const { position } = settled as { position: Position };
      for (const [index, node] of nodes.entries()) {
        expect(await node.changes.waitFor(position, 5_000)).toBe(true);
        expect(node.isValid(stamps[index]!, `Animal:${n}`)).toBe(false);
      }
    }
    // On whichever of its connections this lands.
    for (let n = 0; n < 10; n++) {
      const { rows } = await withClient(databaseUrl, (client) =>
        client.query(
          `SELECT name, source FROM pg_settings WHERE name IN
             ('idle_in_transaction_session_timeout', 'lock_timeout', 'synchronous_commit') AND source = 'session'`,
        ),
      );
      expect(rows).toEqual([]);
    }
    await Promise.all(nodes.map((node) => node.close()));
  });
});
