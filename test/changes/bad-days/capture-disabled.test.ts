import { findUncaptured } from '../../../src/changes/capture/capture-state.js';
import { until } from '../../embedded/until.js';
import { testRedisUrl } from '../../services/database.js';
import { type CapturedZoo, openCapturedZoo } from '../capture/captured-zoo.js';
import { openNode, type TestNode } from '../node/open-node.js';

let zoo: CapturedZoo;
let node: TestNode;
beforeAll(async () => {
  zoo = await openCapturedZoo();
  node = await openNode({
    ...{ databaseUrl: zoo.url, redisUrl: testRedisUrl(), captureCheckIntervalMs: 20 },
    findUncaptured: () => findUncaptured(zoo.client, zoo.plan),
  });
  await node.changes.ensureTrusted();
  await untilCaptured(true);
});
afterAll(async () => {
  await node.close();
  await zoo.close();
});

/** While requests rely on the node. */
async function untilCaptured(isWanted: boolean): Promise<void> {
  await until('capture to be looked at', () => {
    node.changes.isTrusted();
    return node.changes.isCaptured('Keeper') === isWanted;
  });
}

describe('a trigger that somebody disables by hand', () => {
  it('takes its model out of what is known, and its enabling voids what was remembered', async () => {
    await zoo.client.query('ALTER TABLE zoo.keepers DISABLE TRIGGER sluice_update');
    await untilCaptured(false);
    expect(node.changes.isCaptured('Animal')).toBe(true);
    expect((await node.changes.readStatus()).uncaptured).toContain('Keeper');
    // Nobody is told of this.
    const stamp = node.changes.position;
    await zoo.client.query(`UPDATE zoo.keepers SET name = 'Eve' WHERE id = 1`);
    await node.changes.settle('wrote');
    expect(node.isValid(stamp, 'Keeper:1')).toBe(true);
    await zoo.client.query('ALTER TABLE zoo.keepers ENABLE ALWAYS TRIGGER sluice_update');
    await untilCaptured(true);
    expect(node.isValid(stamp, 'Keeper*')).toBe(false);
    expect(node.isValid(stamp, 'Animal*')).toBe(true);
  });
});
