import { parse } from 'graphql';
import { DRIVERS } from '../agreement/drivers.js';
import { globalId } from '../agreement/value-pool.js';
import { compareWithNaive } from './expect-naive.js';
import { openProtectedWorld, type ProtectedWorld } from './protected-world.js';
import { VIEWERS } from './protected-zoo.js';

/** Operations that viewers are answered differently, by permission or by whose rows are theirs. */
const OPERATIONS: readonly [text: string, variables?: Readonly<Record<string, unknown>>][] = [
  ['{ shifts(first: 3) { totalCount nodes { id day } pageInfo { hasNextPage endCursor } } }'],
  [
    'query ($n: Int) { shifts(last: $n, orderBy: [{ field: DAY }]) { totalCount edges { node { id badge } } } }',
    { n: 2 },
  ],
  [`{ shift(id: "00000000-0000-4000-8000-000000000001") { day } }`],
  ['{ animals(first: 20) { nodes { name passport { country } feedingCount feedings { since } } } }'],
  ['{ animalList(filter: { feedings: { some: { foodName: { eq: "meat" } } } }) { name } }'],
  ['{ animalList(filter: { feedings: { none: {} } }) { name } }'],
  [
    `{ animal(id: "${globalId('Animal', '1')}") { feedingsAggregate { count max { since } } friends { name } } }`,
  ],
  [`{ node(id: "${globalId('Feeding', '["1","meat"]')}") { id ... on Feeding { grams food { kcal } } } }`],
  [`{ nodes(ids: ["${globalId('Feeding', '["1","meat"]')}", "${globalId('Keeper', '1')}"]) { id } }`],
  ['{ animals(first: 2) { nodes { name weightKg } } }'],
  ['{ animals(first: 2, orderBy: [{ field: WEIGHT_KG }]) { nodes { name } } }'],
  [
    'query ($o: [AnimalOrder!]) { animals(first: 2, orderBy: $o) { nodes { name } } }',
    { o: [{ field: 'WEIGHT_KG' }] },
  ],
  ['query ($f: AnimalFilter) { animalCount(filter: $f) }', { f: { not: { vet: { is: null } } } }],
  ['query ($show: Boolean!) { food(name: "apple") { name kcal @include(if: $show) } }', { show: false }],
  ['query ($show: Boolean!) { food(name: "apple") { name kcal @include(if: $show) } }', { show: true }],
  [
    '{ events { __typename ... on Birth { grams } ... on Transfer { toPlace } ... on Illness { diagnosis } } }',
  ],
];

describe('what is kept across requests', () => {
  let world: ProtectedWorld;

  beforeAll(async () => {
    world = await openProtectedWorld();
  });

  afterAll(() => world.close());

  // One document for all viewers, as the gateway's document store hands it out: compiled code hangs on it.
  it.each(OPERATIONS)("hands no viewer what is another's: %s", async (text, variables = {}) => {
    const document = parse(text);
    const operation = { text, variables, operationName: null };
    const viewers = Object.values(VIEWERS);
    // First come, first compiled: each viewer is asked before and after all others, and while they are asked.
    for (const round of [viewers, [...viewers].reverse()]) {
      for (const viewer of round) {
        const { report } = await compareWithNaive(world, document, operation, viewer, DRIVERS);
        expect(report).toBe('');
      }
    }
    const reports = await Promise.all(
      viewers.map((viewer) => compareWithNaive(world, document, operation, viewer, DRIVERS)),
    );
    expect(reports.map(({ report }) => report).join('')).toBe('');
    expect(reports.some(({ isCompiled }) => isCompiled) || text.includes('node')).toBe(true);
  });

  it('tells viewers apart in most of these', async () => {
    let differing = 0;
    for (const [text, variables = {}] of OPERATIONS) {
      const operation = { text, variables, operationName: null };
      const answers = await Promise.all(
        Object.values(VIEWERS).map((viewer) => world.askNaive(parse(text), operation, viewer)),
      );
      if (new Set(answers.map(({ data }) => data)).size > 1) differing += 1;
    }
    expect(differing).toBeGreaterThan(12);
  });
});
