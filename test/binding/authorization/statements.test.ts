import { ANONYMOUS } from '../../../src/identity/viewer.js';
import { DRIVERS } from '../agreement/drivers.js';
import { gid } from '../engine-suite.js';
import { createZooApi, type ZooApi } from '../zoo-api.js';
import { bindProtectedZoo, signedIn } from './protected-zoo.js';

describe.each(DRIVERS)('statements over %s', (driver) => {
  let zoo: ZooApi;

  beforeAll(async () => {
    zoo = await createZooApi(driver, bindProtectedZoo);
  });

  afterAll(() => zoo.close());

  /** How columns of the database appear in what is sent. */
  const sent = () => [...zoo.statements].sort().join('\n');

  it('select no column that the viewer may not see, and those beside it', async () => {
    const query = `{ animal(id: "${gid('Animal', '1')}") { name weightKg bornAt vetId isOnShow } }`;
    const { data, errors } = await zoo.ask(query);
    expect(data.animal).toEqual({ name: 'Leo', weightKg: null, bornAt: null, vetId: null, isOnShow: true });
    expect(errors?.map(({ path }) => path?.join('.')).sort()).toEqual([
      'animal.bornAt',
      'animal.vetId',
      'animal.weightKg',
    ]);
    expect(sent()).toMatch(/is_on_show|isOnShow/);
    expect(sent()).not.toMatch(/weight_kg|born_at|vet_id/);
  }, 30_000);

  it('read no relation that the viewer may not follow, nor count it', async () => {
    const { data, errors } = await zoo.ask(
      '{ animalList(first: 2) { name vet { name } feedingsAggregate { sum { grams } } } enclosures(first: 1) { animalsCount } }',
    );
    expect(data.animalList).toHaveLength(2);
    expect(errors?.map(({ path }) => path?.join('.')).sort()).toEqual([
      'animalList.0.feedingsAggregate.sum.grams',
      'animalList.0.vet',
      'animalList.1.feedingsAggregate.sum.grams',
      'animalList.1.vet',
    ]);
    expect(sent()).not.toMatch(/keepers|"vet_id"|sum\(/i);
  });

  it('are not sent for what is refused as a whole', async () => {
    for (const query of [
      '{ keepers { totalCount } }',
      `{ node(id: "${gid('Keeper', '1')}") { id } }`,
      `{ nodes(ids: ["${gid('Keeper', '1')}", "${gid('Keeper', '77')}"]) { id } }`,
      '{ animals(filter: { weightKg: { gt: 5 } }) { nodes { name } } }',
      '{ animals(filter: { or: [{ name: { eq: "Leo" } }, { not: { bornAt: { isNull: true } } }] }) { totalCount } }',
      '{ animalCount(filter: { vet: { is: null } }) }',
      '{ animalsAggregate(filter: { friends: { some: {} } }) { count } }',
      '{ enclosures(orderBy: { field: TITLE }) { zone } }',
      '{ foods(orderBy: [{ field: NAME }, { field: KCAL }]) { totalCount } }',
    ]) {
      const { errors } = await zoo.ask(query);
      expect([query, errors?.every(({ extensions }) => extensions.code === 'UNAUTHENTICATED')]).toEqual([
        query,
        true,
      ]);
      expect([query, zoo.statements]).toEqual([query, []]);
    }
  });

  it('refuse arguments that would tell of hidden columns, naming where they stand', async () => {
    const viewer = signedIn('1', 'authenticated');
    const refusals = async (query: string) =>
      (await zoo.ask(query, {}, viewer)).errors?.map(({ message, extensions }) => [extensions.code, message]);
    expect(
      await refusals(
        '{ animals(filter: { and: [{ name: { eq: "Leo" } }, { vetId: { in: [3] } }] }) { totalCount } }',
      ),
    ).toEqual([['FORBIDDEN', 'filter.and.1.vetId reads Animal.vetId, which needs the tier "premium"']]);
    expect(
      await refusals('{ animalList(filter: { feedings: { none: { grams: { gt: 1 } } } }) { name } }'),
    ).toEqual([
      ['FORBIDDEN', 'filter.feedings.none.grams reads Feeding.grams, which needs the tier "premium"'],
    ]);
    expect(await refusals('{ animalList(orderBy: [{ field: NAME }, { field: VET }]) { name } }')).toEqual([
      ['FORBIDDEN', 'orderBy.1.field reads Animal.vetId, which needs the tier "premium"'],
    ]);
    expect(await refusals('{ keeper(email: "ada@zoo.example") { name } }')).toEqual([
      ['FORBIDDEN', 'email reads Keeper.email, which needs the tier "staff"'],
    ]);
    expect(
      await refusals('{ animal(id: "QW5pbWFsOjE") { feedings(orderBy: [{ field: GRAMS }]) { since } } }'),
    ).toEqual([['FORBIDDEN', 'orderBy.0.field reads Feeding.grams, which needs the tier "premium"']]);
  });

  it('hold the owner as a value: their texts are the same for whoever asks', async () => {
    const query =
      '{ shifts(first: 2) { totalCount nodes { day } } animalList { name passport { country } feedingCount } }';
    const texts = new Set<string>();
    for (const id of ['1', '2', '3']) {
      await zoo.data(query, {}, signedIn(id, 'authenticated'));
      texts.add(sent().replaceAll(/IN \([^)]*\)/g, 'IN (…)'));
    }
    // Prisma's lists of keys are as long as there are rows.
    if (driver !== 'prisma') expect(texts.size).toBe(1);
    await zoo.data(query, {}, signedIn('1', 'staff'));
    if (driver !== 'prisma') expect(texts).not.toContain(sent());
  });

  it('see nothing of anybody for who has not signed in, or can be nobody', async () => {
    const query =
      '{ shifts { totalCount nodes { day } } animal(id: "QW5pbWFsOjE") { passport { country } feedingCount feedings { since } } }';
    const nothing = {
      shifts: { totalCount: 0, nodes: [] },
      animal: { passport: null, feedingCount: 0, feedings: [] },
    };
    for (const viewer of [
      ANONYMOUS,
      signedIn('till-3', 'premium'),
      signedIn('2147483648', 'premium'),
      signedIn('01', 'premium'),
    ])
      expect(await zoo.ask(query, {}, viewer)).toEqual({ data: nothing });
  });
});
