import { hashTag } from '../../../src/changes/tags/hash-tag.js';
import { until } from '../../embedded/until.js';
import { testRedisUrl } from '../../services/database.js';
import { startRedisChild } from '../redis-child.js';
import { readMetric } from '../small-gateway.js';
import { type FollowedZoo, openFollowedZoo, type ZooNode } from './followed-zoo.js';

let zoo: FollowedZoo;
let one: ZooNode;
let other: ZooNode;
beforeAll(async () => {
  zoo = await openFollowedZoo();
  [one, other] = await Promise.all([zoo.openNode(testRedisUrl()), zoo.openNode(testRedisUrl())]);
});
afterAll(() => zoo.close());

const write = (node: ZooNode, field: string, id: number, name: string) =>
  node.ask(`mutation { ${field}(id: ${id}, name: "${name}") }`);

/** The id in an answer's position. */
function positionOf(answer: { readonly headers: Headers }): number {
  return Number(answer.headers.get('sluice-position')?.split(':')[1]);
}

async function findRecord(id: number): Promise<readonly string[] | null> {
  const records = await zoo.readLog(testRedisUrl());
  return records.find((record) => record.id === id)?.tags ?? null;
}

async function countOutbox(): Promise<number> {
  const { rows } = await zoo.client.query('SELECT count(*)::int AS count FROM sluice.outbox');
  return rows[0].count;
}

describe('A mutation', () => {
  it('is in the log when it is answered, at the position that it names', async () => {
    const answer = await write(one, 'rename', 1, 'Leo the First');
    expect(answer.data).toEqual({ rename: 'Leo the First' });
    const tags = await findRecord(positionOf(answer));
    expect(tags).toEqual(expect.arrayContaining(['Animal:1', 'Animal~']));
    expect(one.changes.position.id).toBeGreaterThanOrEqual(positionOf(answer));
  });

  it('is in the log although it failed, and although it was raw SQL', async () => {
    const failed = await write(one, 'renameAndFail', 2, 'Leonie the First');
    expect(failed).toMatchObject({ data: { renameAndFail: null }, errors: [{}] });
    expect(await findRecord(positionOf(failed))).toContain('Animal:2');
    const raw = await write(one, 'renameBySql', 3, 'Shere the First');
    expect(await findRecord(positionOf(raw))).toContain('Animal:3');
  });

  it('leaves nothing where it was rolled back', async () => {
    const before = await write(one, 'rename', 1, 'Leo');
    const answer = await write(one, 'renameInVain', 4, 'Rajah the Last');
    expect(answer.errors).toHaveLength(1);
    expect(positionOf(answer)).toBe(positionOf(before));
    expect(await countOutbox()).toBe(0);
    const tags = (await zoo.readLog(testRedisUrl())).flatMap((record) => record.tags);
    expect(tags).not.toContain('Animal:4');
  });

  it('shares its drain with others that are answered at the time', async () => {
    const series = 'sluice_changes_drains_total{outcome="appended"}';
    const [drained, shared] = [
      await readMetric(one, series),
      await readMetric(one, 'sluice_changes_drains_shared_total'),
    ];
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => write(one, 'rename', (index % 10) + 1, `Nr. ${index}`)),
    );
    for (const answer of answers) {
      expect(answer).not.toHaveProperty('extensions');
      expect(positionOf(answer)).toBeGreaterThan(0);
    }
    expect((await readMetric(one, series)) - drained).toBeLessThan(50);
    expect((await readMetric(one, 'sluice_changes_drains_shared_total')) - shared).toBeGreaterThan(0);
    const tags = new Set((await zoo.readLog(testRedisUrl())).flatMap((record) => record.tags));
    for (let id = 1; id <= 10; id++) expect(tags).toContain(`Animal:${id}`);
  });
});

describe('A request that names a position', () => {
  it('reads its own writes on another node, which may use what it remembers', async () => {
    const answer = await write(one, 'rename', 5, 'Bear');
    const headers = { 'sluice-position': answer.headers.get('sluice-position') ?? '' };
    const read = await other.ask('{ name(id: 5) mayUseCaches }', { headers });
    expect(read).toMatchObject({ status: 200, data: { name: 'Bear', mayUseCaches: true } });
    expect(other.changes.position.id).toBeGreaterThanOrEqual(positionOf(answer));
    expect(await readMetric(other, 'sluice_changes_position_waits_total{outcome="reached"}')).toBe(1);
  });
});

describe('What another program commits', () => {
  it('is known to every node soon', async () => {
    for (const node of [one, other]) await node.changes.ensureTrusted();
    const stamps = [one, other].map((node) => node.changes.position);
    await zoo.client.query("UPDATE zoo.animals SET name = 'Ghost' WHERE id = 6");
    const tags = Uint32Array.of(hashTag('Animal:6'));
    for (const [index, node] of [one, other].entries()) {
      const stamp = stamps[index]!;
      await until('the change', async () => {
        await node.changes.ensureTrusted();
        return !node.changes.isValid(stamp, tags, Uint32Array.of(hashTag('Animal*')));
      });
      expect(node.changes.isValid(stamp, Uint32Array.of(hashTag('Taxon:1')), new Uint32Array())).toBe(true);
    }
  });
});

describe('Operators', () => {
  it('see position, horizon, lag and outbox of a node', async () => {
    const response = await fetch(`${one.url}/readyz`);
    const { checks } = (await response.json()) as any;
    expect(checks.changes).toMatchObject({
      status: 'ok',
      detail: {
        log: 'redis',
        position: expect.stringMatching(/^[a-z0-9]+:\d+$/),
        horizon: expect.any(Number),
        lagMs: expect.any(Number),
        outbox: { rows: 0, oldestMs: null },
        // A view has no triggers.
        uncaptured: expect.arrayContaining(['TaxonCensus']),
      },
    });
    expect(await readMetric(one, 'sluice_changes_position_id')).toBe(one.changes.position.id);
    expect(await readMetric(one, 'sluice_changes_outbox_rows')).toBe(0);
    expect(
      await readMetric(one, 'sluice_changes_settles_total{cause="wrote",outcome="drained"}'),
    ).toBeGreaterThan(0);
  });
});

describe('A node that is alone', () => {
  it('keeps the log in its memory', async () => {
    const alone = await zoo.openNode(null);
    try {
      const answer = await write(alone, 'rename', 7, 'Pinga');
      const headers = { 'sluice-position': answer.headers.get('sluice-position') ?? '' };
      const read = await alone.ask('{ name(id: 7) mayUseCaches }', { headers });
      expect(read.data).toEqual({ name: 'Pinga', mayUseCaches: true });
    } finally {
      await alone.close();
    }
  });
});

describe('Without Redis', () => {
  it('a write is answered, known to nobody, and told of once Redis is back', async () => {
    let redis = await startRedisChild();
    const node = await zoo.openNode(redis.url);
    try {
      expect(positionOf(await write(node, 'rename', 8, 'pingu'))).toBeGreaterThan(0);
      await redis.kill();
      const answer = await write(node, 'rename', 8, 'pingu II');
      expect(answer).toMatchObject({
        data: { rename: 'pingu II' },
        extensions: { changes: { drained: false } },
      });
      expect(answer.headers.get('sluice-position')).toBeNull();
      expect(node.changes.isTrusted()).toBe(false);
      expect(await (await fetch(`${node.url}/readyz`)).json()).toMatchObject({
        status: 'degraded',
        checks: { changes: { status: 'failed', reason: expect.stringContaining('caches stand aside') } },
      });

      redis = await startRedisChild(redis.port);
      await until('trust', () => node.changes.ensureTrusted());
      expect(await countOutbox()).toBe(0);
      const again = await write(node, 'rename', 8, 'pingu');
      expect(again).not.toHaveProperty('extensions');
      expect(positionOf(again)).toBeGreaterThan(0);
    } finally {
      await node.close();
      await redis.kill();
    }
  });
});
