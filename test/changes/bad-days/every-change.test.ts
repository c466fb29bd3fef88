import { Random } from '../../binding/agreement/random.js';
import { createDomainDatabase } from '../../domain/domain-database.js';
import { type TestDatabase, testRedisUrl } from '../../services/database.js';
import { openNode, type TestNode } from '../node/open-node.js';
import { captureZoo, checkEveryChange } from './every-change.js';

let database: TestDatabase;
let nodes: TestNode[];
beforeAll(async () => {
  database = await createDomainDatabase();
  await captureZoo(database.url);
  nodes = await Promise.all(
    [1, 2, 3].map(() => openNode({ databaseUrl: database.url, redisUrl: testRedisUrl() })),
  );
});
afterAll(async () => {
  await Promise.all(nodes.map((node) => node.close()));
  await database.drop();
});

describe('every committed change', () => {
  it('of five thousand, made in every way there is, is known to each of three nodes', async () => {
    const outcome = await checkEveryChange({
      ...{ databaseUrl: database.url, nodes, writes: 5_000 },
      random: new Random(4),
    });
    expect(outcome.missed).toEqual([]);
    expect(outcome.failed).toBe(0);
    expect(outcome.kinds.size).toBe(13);
    // On a quiet day nothing falls below a horizon; now and then two tags share a place of the index.
    expect(outcome.voidForNothing).toBeLessThan(outcome.unchanged / 50);
  });
});
