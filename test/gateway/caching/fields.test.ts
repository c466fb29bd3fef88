import { until } from '../../embedded/until.js';
import { testRedisUrl } from '../../services/database.js';
import { type CachedZoo, type CachingNode, openCachedZoo, signedIn } from './cached-zoo.js';

let zoo: CachedZoo;
let node: CachingNode;
beforeAll(async () => {
  zoo = await openCachedZoo();
  node = await zoo.openNode();
});
afterAll(() => zoo.close());

const runs = (name: string) => zoo.hands.runs.get(name) ?? 0;

/** Not kept as a whole, nor is the field at its top. */
const within = (selection: string, first = 3) => `{ uncached(first: ${first}) { name ${selection} } }`;

async function countRuns(name: string, work: () => Promise<unknown>): Promise<number> {
  const before = runs(name);
  await work();
  return runs(name) - before;
}

describe('A hand-written field with a life of its own', () => {
  it('is computed once for each row, and comes from the cache within whatever is not kept', async () => {
    const expected = { uncached: [{ kin: 'Lion' }, { kin: 'Lion' }, { kin: 'Tiger' }] };
    const ask = async () => expect((await node.ask(within('kin'))).body.data).toMatchObject(expected);
    expect(await countRuns('kin', ask)).toBe(3);
    expect(await countRuns('kin', ask)).toBe(0);
    const more = async () => void (await node.ask(within('kin', 5)));
    expect(await countRuns('kin', more)).toBe(2);
    expect(await node.metric('sluice_cache_fields_total{outcome="hit"}')).toBe(6);
  });

  it('is another one for other arguments', async () => {
    const ask = async () => void (await node.ask(within('kin(style: "loud")')));
    expect(await countRuns('kin', ask)).toBe(3);
    expect(await countRuns('kin', ask)).toBe(0);
  });

  it('is void once its row or what it read has changed, and no sooner', async () => {
    const ask = async () => void (await node.ask(within('kin')));
    await ask();
    await node.ask('mutation { rename(id: 2, name: "Leonie II") }');
    expect(await countRuns('kin', ask)).toBe(1);
    await zoo.client.query("UPDATE zoo.taxa SET name = 'Lioness' WHERE id = 5");
    await node.ask('mutation { rename(id: 11, name: "settled") }');
    const answer = await node.ask(within('kin'));
    expect(answer.body.data.uncached.map(({ kin }: any) => kin)).toEqual(['Lioness', 'Lioness', 'Tiger']);
    await zoo.client.query("UPDATE zoo.taxa SET name = 'Lion' WHERE id = 5");
    await node.ask('mutation { rename(id: 11, name: "settled") }');
  });

  it('is part of an answer that is kept: what voids the field voids the answer', async () => {
    await node.ask(within('kin'));
    const query = '{ animals(first: 3) { kin } }';
    expect(await countRuns('kin', async () => void (await node.ask(query)))).toBe(0);
    expect((await node.ask(query)).cache).toBe('hit');
    await zoo.client.query("UPDATE zoo.taxa SET name = 'Big tiger' WHERE id = 6");
    await node.ask('mutation { rename(id: 11, name: "settled") }');
    const answer = await node.ask(query);
    expect(answer.cache).toMatch(/^fwd=stale; stored/);
    expect(answer.body.data.animals[2].kin).toBe('Big tiger');
  });

  it('is for its viewer alone where it is private, and for nobody where that is not declared', async () => {
    const [one, two] = [await signedIn('1'), await signedIn('2')];
    for (let times = 0; times < 2; times++) {
      for (const [headers, id] of [
        [one, '1'],
        [two, '2'],
        [{}, 'null'],
      ] as const) {
        const { body } = await node.ask(within('mine leaky', 1), { headers });
        expect(body.data.uncached[0]).toMatchObject({ mine: `Leo for ${id}`, leaky: `for ${id}` });
      }
    }
    const again = async () => void (await node.ask(within('mine', 1), { headers: one }));
    expect(await countRuns('mine', again)).toBe(0);
  });

  it('is computed each time where its value would not come back as it was', async () => {
    const ask = async () => expect((await node.ask(within('odd', 1))).body.data.uncached[0].odd).toBe('odd');
    expect(await countRuns('odd', ask)).toBe(1);
    expect(await countRuns('odd', ask)).toBe(1);
  });

  it('is shared with other nodes by Redis', async () => {
    const [one, other] = await Promise.all([zoo.openNode(testRedisUrl()), zoo.openNode(testRedisUrl())]);
    for (const each of [one, other]) await each.ask('mutation { rename(id: 12, name: "begun") }');
    await one.ask(within('kin(style: "shared")'));
    await until('the other node to find it', async () => {
      const before = runs('kin');
      await other.ask(within('kin(style: "shared")'));
      return runs('kin') === before;
    });
  });
});
