import { createZooApi, type Driver, type ZooApi } from './zoo-api.js';
import { seenParents } from './zoo-schema.js';

/** The global id of a key of the zoo. */
export function gid(typeName: string, key: string): string {
  return Buffer.from(`${typeName}:${key}`).toString('base64url');
}

/** What the engine promises its clients, whichever reader its rows come from. */
export function describeEngine(driver: Driver): void {
  let zoo: ZooApi;

  beforeAll(async () => {
    zoo = await createZooApi(driver);
  });

  afterAll(async () => {
    await zoo.close();
  });

  const names = (items: { name: string }[]) => items.map((item) => item.name);

  async function faultOf(query: string, variables?: Record<string, unknown>) {
    const { errors } = await zoo.ask(query, variables);
    return errors?.map((error) => `${error.extensions?.code}: ${error.message}`).join('\n');
  }

  describe('one object', () => {
    it('is found by global id, by another unique key, or by a composite one', async () => {
      const data = await zoo.data(
        `query ($leo: ID!, $cats: ID!, $cage: ID!) {
          byId: animal(id: $leo) { id rawId name }
          byName: animal(taxonId: $cats, name: "Leonie") { name taxonId vetId }
          keeper(badge: "K%004") { name email }
          byParts: enclosure(zone: "South", number: 1) { title id }
          byCompositeId: enclosure(id: $cage) { title areaM2 }
        }`,
        { leo: gid('Animal', '1'), cats: gid('Taxon', '5'), cage: gid('Enclosure', '["North",2]') },
      );
      expect(data).toEqual({
        byId: { id: gid('Animal', '1'), rawId: '1', name: 'Leo' },
        byName: { name: 'Leonie', taxonId: gid('Taxon', '5'), vetId: 3 },
        keeper: { name: 'Ève 100%', email: null },
        byParts: { title: 'Aviary "Åsa"', id: gid('Enclosure', '["South",1]') },
        byCompositeId: { title: 'Ice floe', areaM2: 200 },
      });
    });

    it('is null where no row has the key', async () => {
      expect(await zoo.data('{ food(name: "soup") { name } keeper(badge: "none") { name } }')).toEqual({
        food: null,
        keeper: null,
      });
    });

    it('keeps 64-bit keys apart that are one number in JavaScript', async () => {
      const data = await zoo.data(
        `{ even: animal(id: "${gid('Animal', '9007199254740992')}") { name rawId }
           odd: animal(id: "${gid('Animal', '9007199254740993')}") { name rawId } }`,
      );
      expect(data.even).toEqual({ name: 'Even', rawId: '9007199254740992' });
      expect(data.odd).toEqual({ name: 'Odd', rawId: '9007199254740993' });
    });

    it.each([
      [
        'no key at all',
        '{ animal { name } }',
        'BAD_USER_INPUT: give exactly one of: id; taxonId and name (nothing was given)',
      ],
      [
        'half a key',
        '{ animal(name: "Leo") { name } }',
        'BAD_USER_INPUT: give exactly one of: id; taxonId and name (name was given)',
      ],
      [
        'two keys',
        `{ keeper(id: "${gid('Keeper', '1')}", badge: "K-001") { name } }`,
        'BAD_USER_INPUT: give exactly one of: id; badge; email (id, badge was given)',
      ],
      [
        'an id of another type',
        `{ animal(id: "${gid('Keeper', '1')}") { name } }`,
        'BAD_USER_INPUT: id is not a global id of type Animal',
      ],
      [
        'an id of half a key',
        `{ enclosure(id: "${gid('Enclosure', 'North')}") { title } }`,
        'BAD_USER_INPUT: id is not a global id of type Enclosure',
      ],
      [
        'an id whose parts are too few',
        `{ enclosure(id: "${gid('Enclosure', '["North"]')}") { title } }`,
        'BAD_USER_INPUT: id is not a global id of type Enclosure',
      ],
      [
        'an id that is none',
        '{ animal(id: "Leo!") { name } }',
        'BAD_USER_INPUT: id is not a global id of type Animal',
      ],
      [
        'an id whose key is out of range',
        `{ animal(id: "${gid('Animal', '9223372036854775808')}") { name } }`,
        'BAD_USER_INPUT: id is not a global id of type Animal',
      ],
      [
        'a number out of range',
        '{ enclosure(zone: "North", number: 40000) { title } }',
        'BAD_USER_INPUT: number must lie between -32768 and 32767',
      ],
      [
        'a text with a null character',
        '{ food(name: "a\\u0000b") { name } }',
        'BAD_USER_INPUT: name must not contain the character U+0000',
      ],
    ])('refuses %s', async (_what, query, message) => {
      expect(await faultOf(query)).toBe(message);
    });
  });

  describe('node and nodes', () => {
    it('find any object by its id, in the order asked, with null for what is gone', async () => {
      const ids = [
        gid('Keeper', '2'),
        gid('Animal', '404'),
        gid('Enclosure', '["North",1]'),
        gid('Keeper', '2'),
      ];
      const data = await zoo.data(
        `query ($ids: [ID!]!) {
          nodes(ids: $ids) { __typename id ... on Keeper { name } ... on Enclosure { title } }
          node(id: "${gid('Taxon', '5')}") { ... on Taxon { name parent { name } } }
        }`,
        { ids },
      );
      expect(data.nodes).toEqual([
        { __typename: 'Keeper', id: ids[0], name: 'Bob' },
        null,
        { __typename: 'Enclosure', id: ids[2], title: 'Savanna' },
        { __typename: 'Keeper', id: ids[0], name: 'Bob' },
      ]);
      expect(data.node).toEqual({ name: 'Lion', parent: { name: 'Cats' } });
    });

    it('find a view with a key, and only those rows that a type stands for', async () => {
      const data = await zoo.data(
        `{ load: node(id: "${gid('EnclosureLoad', '["North",2]')}") { ... on EnclosureLoad { residents heaviest } }
           transfer: node(id: "${gid('Transfer', '6')}") { ... on Transfer { toPlace } }
           birth: node(id: "${gid('Transfer', '1')}") { id } }`,
      );
      expect(data).toEqual({
        load: { residents: '3', heaviest: '450.00' },
        transfer: { toPlace: 'North 2' },
        birth: null,
      });
    });

    it.each([
      ['a type that is no node', gid('Food', 'apple')],
      ['an unknown type', gid('Fish', '1')],
      ['no id', '%%%'],
      ['an empty id', ''],
      ['half an id', Buffer.from('Animal').toString('base64url')],
      ['a key of another form', gid('Enclosure', '{"a":1}')],
      ['a key that is no JSON', gid('Enclosure', '[')],
      ['an endless id', 'A'.repeat(5000)],
    ])('refuse %s', async (_what, id) => {
      expect(await faultOf('query ($id: ID!) { node(id: $id) { id } }', { id })).toBe(
        'BAD_USER_INPUT: id is not a global id of this API',
      );
    });

    it('refuse more ids than a page may hold', async () => {
      const ids = Array.from({ length: 21 }, (_, index) => gid('Animal', String(index)));
      expect(await faultOf('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids })).toBe(
        'BAD_USER_INPUT: ids lists 21 ids; at most 20 are taken',
      );
    });
  });

  describe('relations', () => {
    it('follow foreign keys of every shape, from both sides', async () => {
      const { animal } = await zoo.data(
        `{ animal(id: "${gid('Animal', '1')}") {
          taxon { name parent { name parent { name parent { name } } } }
          enclosure { title animals { name } animalsCount }
          carer { name caresFor { name } treats { name } }
          vet { name treats { name } }
          passport { number country animal { name } }
          friends { name } friendOf { name } friendsCount
        } }`,
      );
      expect(animal.taxon).toEqual({
        name: 'Lion',
        parent: { name: 'Cats', parent: { name: 'Mammals', parent: null } },
      });
      expect(animal.enclosure).toEqual({
        title: 'Savanna',
        animals: [{ name: 'Leo' }, { name: 'Leonie' }, { name: 'Shere' }],
        animalsCount: 3,
      });
      expect(names(animal.carer.caresFor)).toEqual(['Leo', 'Leonie', 'Ísbjörn']);
      expect(names(animal.carer.treats)).toEqual(['Rajah', 'Ísbjörn']);
      expect(animal.vet).toEqual({ name: "O'Hara", treats: [{ name: 'Leo' }, { name: 'Leonie' }] });
      expect(animal.passport).toEqual({ number: 'P-1', country: 'KE', animal: { name: 'Leo' } });
      expect(animal.friends).toEqual([{ name: 'Leonie' }]);
      expect(names(animal.friendOf)).toEqual(['Leonie', 'Shere']);
      expect(animal.friendsCount).toBe(1);
    });

    it('are null or empty where nothing is related', async () => {
      const { animal } = await zoo.data(
        `{ animal(id: "${gid('Animal', '9')}") { enclosure { title } vet { name } passport { number } friends { name }
           foods { totalCount edges { cursor } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } friendsCount
           feedingsAggregate { count sum { grams } avg { grams } max { grams since } } } }`,
      );
      expect(animal).toEqual({
        enclosure: null,
        vet: null,
        passport: null,
        friends: [],
        foods: {
          totalCount: 0,
          edges: [],
          pageInfo: { startCursor: null, endCursor: null, hasNextPage: false, hasPreviousPage: false },
        },
        friendsCount: 0,
        feedingsAggregate: {
          count: 0,
          sum: { grams: null },
          avg: { grams: null },
          max: { grams: null, since: null },
        },
      });
    });

    it('go through a unique column that is no key, and an explicit join model', async () => {
      const { keeper, animal } = await zoo.data(
        `{ keeper(badge: "K-001") { shifts(first: 2) { nodes { startsAt keeper { badge } } totalCount } }
           animal(id: "${gid('Animal', '6')}") { feedings(orderBy: { field: GRAMS }) { id grams since food { name kcal } } } }`,
      );
      expect(keeper.shifts).toEqual({
        nodes: [
          { startsAt: '2026-01-31T06:00:00.000001Z', keeper: { badge: 'K-001' } },
          { startsAt: '2026-01-31T06:00:00.000002Z', keeper: { badge: 'K-001' } },
        ],
        totalCount: 3,
      });
      expect(animal.feedings).toEqual([
        {
          id: gid('Feeding', '["6","apple"]'),
          grams: 20,
          since: '2026-01-03T08:00:00.001Z',
          food: { name: 'apple', kcal: 52 },
        },
        {
          id: gid('Feeding', '["6","fish 🐟"]'),
          grams: 400,
          since: '2026-01-01T08:00:00.000Z',
          food: { name: 'fish 🐟', kcal: 120 },
        },
      ]);
    });

    it('take filters, orders and numbers of their own, by alias', async () => {
      const { keeper } = await zoo.data('{ keeper(badge: "K_003") { caresFor { name } } }');
      expect(names(keeper.caresFor)).toEqual(['Pingu', 'Pinga', 'pingu']);
      const { animal } = await zoo.data(
        `{ animal(id: "${gid('Animal', '5')}") {
          two: foods(first: 2, orderBy: [{ field: KCAL, direction: DESC, nulls: LAST }]) { nodes { name kcal } totalCount }
          last: foods(last: 2, orderBy: [{ field: KCAL, direction: DESC, nulls: LAST }]) { nodes { name kcal } pageInfo { hasPreviousPage hasNextPage } }
        } }`,
      );
      expect(animal.two).toEqual({
        nodes: [
          { name: 'fish 🐟', kcal: 120 },
          { name: 'Banana', kcal: 89 },
        ],
        totalCount: 5,
      });
      expect(animal.last).toEqual({
        nodes: [
          { name: 'Äpfel', kcal: 52 },
          { name: 'cherry', kcal: null },
        ],
        pageInfo: { hasPreviousPage: true, hasNextPage: false },
      });
    });
  });

  describe('interfaces and unions', () => {
    it('tell the rows of one table apart by a column', async () => {
      const { animal, births } = await zoo.data(
        `{ animal(id: "${gid('Animal', '1')}") { events { __typename at ... on Birth { grams } ... on Illness { diagnosis } ... on Transfer { id toPlace } } }
           births { id grams animal { name } } }`,
      );
      expect(animal.events).toEqual([
        { __typename: 'Birth', at: '2019-05-01T10:00:00.123456Z', grams: 1500 },
        { __typename: 'Illness', at: '2021-03-04T05:06:07.000001Z', diagnosis: 'A cold' },
        { __typename: 'Illness', at: '2021-03-04T05:06:07.000001Z', diagnosis: 'A cough, 50%' },
        {
          __typename: 'Transfer',
          at: '2021-03-04T05:06:07.000002Z',
          id: gid('Transfer', '5'),
          toPlace: 'North 1',
        },
      ]);
      expect(births).toEqual([
        { id: '1', grams: 1500, animal: { name: 'Leo' } },
        { id: '2', grams: 1400, animal: { name: 'Leonie' } },
      ]);
    });

    it('hide rows of other kinds', async () => {
      expect(await zoo.data('{ birth(id: "1") { grams } other: birth(id: "3") { grams } }')).toEqual({
        birth: { grams: 1500 },
        other: null,
      });
      expect(
        (await zoo.data('{ events(filter: { kind: { eq: TRANSFER } }) { __typename } }')).events,
      ).toEqual([{ __typename: 'Transfer' }, { __typename: 'Transfer' }]);
    });

    it('span several tables along optional relations', async () => {
      const { notes } = await zoo.data(
        '{ notes { text subject { __typename ... on Animal { name } ... on Keeper { name } ... on Enclosure { title } } } }',
      );
      expect(notes).toEqual([
        { text: 'Eats well', subject: { __typename: 'Animal', name: 'Leo' } },
        { text: 'Eats well', subject: { __typename: 'Animal', name: 'Leonie' } },
        { text: 'On leave', subject: { __typename: 'Keeper', name: 'Ada' } },
        { text: 'Fence broken', subject: { __typename: 'Enclosure', title: 'Savanna' } },
        { text: 'Two\nlines', subject: { __typename: 'Enclosure', title: 'Aviary "Åsa"' } },
      ]);
    });
  });

  describe('hand-written resolvers', () => {
    it('get the columns that they need, and the whole row where they say nothing', async () => {
      const id = gid('Animal', '1');
      expect(await zoo.data(`{ animal(id: "${id}") { label } }`)).toEqual({
        animal: { label: 'Leo (CALM)' },
      });
      expect(seenParents.get('Animal.label')).toEqual(['id', 'mood', 'name']);
      expect(await zoo.data(`{ animal(id: "${id}") { summary } }`)).toEqual({
        animal: { summary: 'Leo weighs 190.00' },
      });
      expect(seenParents.get('Animal.summary')).toEqual(
        [
          'bornAt',
          'carerId',
          'enclosureNumber',
          'enclosureZone',
          'id',
          'isOnShow',
          'mood',
          'moods',
          'name',
          'taxonId',
          'vetId',
          'weightKg',
        ].sort(),
      );
    });

    it('may answer with a key alone', async () => {
      const data = await zoo.data(
        '{ favourite { name weightKg carer { name } label } stub(id: 6) { name } gone: stub(id: 404) { name } }',
      );
      expect(data).toEqual({
        favourite: {
          name: 'Leonie',
          weightKg: '130.50',
          carer: { name: 'Ada' },
          label: 'Leonie (IN_A_HUFF)',
        },
        stub: { name: 'Pingu' },
        gone: null,
      });
    });

    it('name the type where the field is abstract over several models', async () => {
      const data = await zoo.data(
        `{ keeper: anything(kind: "Keeper") { __typename ... on Keeper { badge } }
           enclosure: anything(kind: "Enclosure") { __typename ... on Enclosure { title } } }`,
      );
      expect(data).toEqual({
        keeper: { __typename: 'Keeper', badge: 'K_003' },
        enclosure: { __typename: 'Enclosure', title: 'Ice floe' },
      });
    });

    it('are told what is missing where they give no key', async () => {
      const { errors } = await zoo.ask('{ stub(id: -1) { mood } }');
      expect(errors?.[0]?.message).toBe('The resolver of Query.stub gave a Animal without id');
    });

    it('are followed by fresh reads where they write', async () => {
      const data = await zoo.data(
        'mutation { renameAnimal(input: { id: "x", name: "Leopold" }) { animal { name } keeper { name } } }',
      );
      expect(data.renameAnimal).toEqual({ animal: { name: 'Leopold' }, keeper: { name: 'Ada' } });
      await zoo.sql("UPDATE zoo.animals SET name = 'Leo' WHERE id = 1");
    });
  });

  describe('filters', () => {
    async function found(filter: string): Promise<string[]> {
      const { animalList } = await zoo.data(`{ animalList(filter: ${filter}, first: 20) { name } }`);
      return names(animalList);
    }

    it.each<[string, string[]]>([
      ['{ name: { eq: "Leo" } }', ['Leo']],
      ['{ name: { startsWith: "Leo" } }', ['Leo', 'Leonie']],
      ['{ name: { contains: "%" } }', ['100% cat']],
      ['{ name: { contains: "_" } }', ['snake_case']],
      ['{ name: { contains: "\\\\" } }', ['back\\slash "quoted" \'x\'']],
      ['{ name: { startsWith: "ping" } }', ['pingu']],
      ['{ weightKg: { eq: "210.1" } }', ['Shere', 'Rajah']],
      ['{ weightKg: { eq: 450 } }', ['Ísbjörn']],
      ['{ weightKg: { lt: "0" } }', ['back\\slash "quoted" \'x\'']],
      ['{ weightKg: { eq: "NaN" } }', ['100% cat']],
      ['{ weightKg: { isNull: true } }', ['pingu']],
      ['{ weightKg: { isNull: false, gte: "450", ne: "NaN" } }', ['Ísbjörn', 'Last']],
      ['{ mood: { eq: IN_A_HUFF } }', ['Leonie']],
      ['{ mood: { in: [IN_A_HUFF, PLAYFUL] } }', ['Leonie', 'Shere', 'Pingu', 'Pinga']],
      ['{ mood: { ne: CALM, notIn: [PLAYFUL] } }', ['Leonie']],
      ['{ moods: { eq: [CALM, PLAYFUL] } }', ['Leo']],
      ['{ moods: { eq: CALM } }', []],
      ['{ isOnShow: { eq: false } }', ['Rajah', 'pingu', 'Last']],
      ['{ bornAt: { eq: "2019-05-01T12:00:00.123456+02:00" } }', ['Leo']],
      ['{ bornAt: { gt: "2019-05-01T10:00:00.123456Z", lt: "2020-01-01T00:00:00Z" } }', ['Leonie']],
      ['{ rawId: { gt: "9007199254740992" } }', ['Odd', 'Last']],
      ['{ name: { in: [] } }', []],
      ['{ name: { eq: "Leo" }, or: [] }', []],
      ['{ name: { eq: "Leo" }, and: [] }', ['Leo']],
      ['{ not: {} }', []],
      ['{ name: { eq: "Leo" }, not: { mood: { eq: PLAYFUL } } }', ['Leo']],
      ['{ or: [{ name: { eq: "Leo" } }, { name: { eq: "Rajah" } }] }', ['Leo', 'Rajah']],
      ['{ or: { name: { eq: "Leo" } } }', ['Leo']],
      ['{ taxon: { is: { parent: { is: { name: { eq: "Bears" } } } } } }', ['Ísbjörn']],
      ['{ vet: { is: null }, isOnShow: { eq: true }, name: { startsWith: "S" } }', ['Shere']],
      ['{ vet: { is: { name: { eq: "Zoë" } } } }', ['Pingu', 'Pinga']],
      ['{ enclosure: { is: { zone: { eq: "South" }, number: { eq: 2 } } } }', ['Rajah']],
      ['{ foods: { some: { kcal: { isNull: true } } } }', ['Ísbjörn']],
      [`{ foods: { none: {} }, taxonId: { eq: "${gid('Taxon', '6')}" } }`, ['Rajah']],
      ['{ friends: { some: { name: { eq: "Pingu" } } } }', ['Pingu', 'Pinga']],
      [
        '{ feedings: { some: { grams: { gt: 6000 }, animal: { is: { mood: { eq: PLAYFUL } } } } } }',
        ['Shere'],
      ],
      [`{ id: { in: ["${gid('Animal', '1')}", "${gid('Animal', '3')}"] } }`, ['Leo', 'Shere']],
    ])('%s', async (filter, expected) => {
      expect(await found(filter)).toEqual(expected);
    });

    it('tell absent, null and empty apart', async () => {
      const count = async (filter: unknown) =>
        (await zoo.data('query ($f: AnimalFilter) { animalCount(filter: $f) }', { f: filter })).animalCount;
      expect(await count(undefined)).toBe(15);
      expect(await count(null)).toBe(15);
      expect(await count({})).toBe(15);
      expect(await count({ name: {} })).toBe(15);
      expect(await count({ or: [] })).toBe(0);
    });

    it('take orders and conditions that variables leave empty', async () => {
      const query = `query ($o: [AnimalOrder!], $m: [Mood!], $eq: JSON) {
        animalList(first: 1, orderBy: $o, filter: { moods: { eq: $m }, and: [] }) { name }
        specimens(filter: { payload: { eq: $eq }, and: { label: {} } }) { totalCount } }`;
      expect(await zoo.data(query, { o: null })).toEqual({
        animalList: [{ name: 'Leo' }],
        specimens: { totalCount: 8 },
      });
      expect(await zoo.data(query, { o: [] })).toEqual({
        animalList: [{ name: 'Leo' }],
        specimens: { totalCount: 8 },
      });
    });

    it('leave out what a variable does not give', async () => {
      const query = 'query ($name: String) { animalCount(filter: { name: { eq: $name } }) }';
      expect(await zoo.data(query)).toEqual({ animalCount: 15 });
      expect(await zoo.data(query, { name: 'Leo' })).toEqual({ animalCount: 1 });
    });

    it('take an `in` of thousands', async () => {
      const values = Array.from({ length: 5_000 }, (_, index) => `name ${index}`);
      const query = 'query ($in: [String!]) { animalList(filter: { name: { in: $in } }) { name } }';
      expect(await zoo.data(query, { in: [...values, 'Leo'] })).toEqual({ animalList: [{ name: 'Leo' }] });
    });

    it.each([
      [
        '{ name: { eq: null } }',
        'filter.name.eq must not be null: to ask for missing values use isNull: true',
      ],
      ['{ name: null }', 'filter.name must not be null: leave it out instead'],
      ['{ or: null }', 'filter.or must not be null: leave it out instead'],
      ['{ not: null }', 'filter.not must not be null'],
      ['{ name: { isNull: null } }', 'filter.name.isNull must be true or false, not null'],
      ['{ foods: { some: null } }', 'filter.foods.some must not be null'],
      ['{ foods: null }', 'filter.foods must not be null: leave it out instead'],
      [
        '{ name: { in: null } }',
        'filter.name.in must not be null: to ask for missing values use isNull: true',
      ],
      ['{ or: [{ id: { eq: "Leo" } }] }', 'filter.or.0.id.eq is not a global id of type Animal'],
      [
        `{ taxonId: { in: ["${gid('Keeper', '1')}"] } }`,
        'filter.taxonId.in.0 is not a global id of type Taxon',
      ],
      [
        '{ enclosure: { is: { number: { eq: 99999 } } } }',
        'filter.enclosure.is.number.eq must lie between -32768 and 32767',
      ],
      ['{ name: { contains: "\\u0000" } }', 'filter.name.contains must not contain the character U+0000'],
    ])('refuse %s with its path', async (filter, message) => {
      expect(await faultOf(`{ animalList(filter: ${filter}) { name } }`)).toBe(`BAD_USER_INPUT: ${message}`);
    });

    it('refuse an `in` beyond the bound, and nesting beyond it', async () => {
      const values = Array.from({ length: 10_001 }, (_, index) => `name ${index}`);
      const query = 'query ($f: AnimalFilter) { animalList(filter: $f) { name } }';
      expect(await faultOf(query, { f: { name: { in: values } } })).toBe(
        'BAD_USER_INPUT: filter.name.in lists 10001 values; at most 10000 are taken',
      );
      let nested: Record<string, unknown> = { name: { eq: 'Leo' } };
      for (let depth = 0; depth < 13; depth += 1) nested = { not: nested };
      expect(await faultOf(query, { f: nested })).toMatch(
        /^BAD_USER_INPUT: filter(\.not){13} is nested more than 12 levels deep$/,
      );
    });

    it('reach every type of column', async () => {
      const count = async (filter: unknown) =>
        (await zoo.data('query ($f: SpecimenFilter) { specimens(filter: $f) { totalCount } }', { f: filter }))
          .specimens.totalCount;
      expect(await count({ token: { eq: 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF' } })).toBe(1);
      expect(await count({ payload: { eq: { c: 'text', a: [1, 2, { b: null }] } } })).toBe(1);
      expect(await count({ payload: { eq: null } })).toBe(1);
      expect(await count({ payload: { isNull: true } })).toBe(2);
      expect(await count({ blob: { eq: 'AP8Q' } })).toBe(1);
      expect(await count({ ratio: { lt: -1e300 } })).toBe(1);
      expect(await count({ ratioText: { eq: 'NaN' } })).toBe(1);
      expect(await count({ seenExact: { eq: '2026-01-31T12:00:00.123456Z' } })).toBe(1);
      expect(await count({ day: { gte: '2026-01-01' } })).toBe(2);
      expect(await count({ big: { gt: '9007199254740992' } })).toBe(2);
      expect(await count({ wholes: { eq: [1, 2, 2] } })).toBe(1);
      expect(await count({ flag: { eq: true }, small: { in: [7, 8] } })).toBe(1);
    });
  });

  describe('values', () => {
    it('come out exactly as they are kept', async () => {
      const fields = `id label code nick token flag small whole big ratio single price wide loose seenAt seenExact seenZoned
        day clock clockZoned payload rawPayload blob mood texts tokens flags wholes bigs prices seenAts days payloads blobs moods`;
      const { ordinary, highest, lowest, digits } = await zoo.data(
        `{ ordinary: specimen(id: 1) { ${fields} }
           highest: specimen(id: 4) { ratioText big price wide loose seenZoned clockZoned payload texts prices bigs }
           lowest: specimen(id: 5) { ratioText big price wide seenExact clockZoned blob }
           digits: specimen(id: 7) { big price wide loose seenAt seenExact seenZoned clock ratioText }
           missing: specimen(id: 2) { ${fields} } }`,
      );
      expect(ordinary).toEqual({
        id: 1,
        label: 'ordinary',
        code: 'AB12',
        nick: 'Nick',
        token: '0b0e1c9e-5a0f-4c1e-9d3b-0123456789ab',
        flag: true,
        small: 7,
        whole: 42,
        big: '42',
        ratio: 1.5,
        single: 0.1,
        price: '10.00',
        wide: '10.000000000000000000000000000000',
        loose: '10.50',
        seenAt: '2026-01-31T12:00:00.123Z',
        seenExact: '2026-01-31T12:00:00.123456Z',
        seenZoned: '2026-01-31T12:00:00.123456Z',
        day: '2026-01-31',
        clock: '12:00:00',
        clockZoned: '12:00:00Z',
        payload: { a: [1, 2, { b: null }], c: 'text' },
        rawPayload: { z: 1, a: 2 },
        blob: 'AP8Q',
        mood: 'CALM',
        texts: ['a', 'b'],
        tokens: ['0b0e1c9e-5a0f-4c1e-9d3b-0123456789ab'],
        flags: [true, false],
        wholes: [1, 2, 2],
        bigs: ['9007199254740993'],
        prices: ['10.00', '0.10'],
        seenAts: ['2026-01-31T12:00:00.000001Z'],
        days: ['2026-01-31', '2024-02-29'],
        payloads: [{ k: 1 }, []],
        blobs: ['AQ==', ''],
        moods: ['CALM', 'IN_A_HUFF'],
      });
      expect(highest).toEqual({
        ratioText: 'Infinity',
        big: '9223372036854775807',
        price: '99999999.99',
        wide: '99999999999999999999999999999999999.999999999999999999999999999999',
        loose: 'Infinity',
        seenZoned: '9999-12-31T23:59:59.999999Z',
        clockZoned: '11:59:59.999999Z',
        payload: null,
        texts: ['', 'NULL_', 'a,b', 'c"d', 'e\\f', '{}'],
        prices: ['NaN', '99999999.99'],
        bigs: ['9223372036854775807', '-9223372036854775808'],
      });
      expect(lowest).toEqual({
        ratioText: '-Infinity',
        big: '-9223372036854775808',
        price: '-99999999.99',
        wide: '-0.000000000000000000000000000001',
        seenExact: '1969-12-31T23:59:59.999999Z',
        clockZoned: '12:00:00.000001Z',
        blob: '3q2+7w==',
      });
      expect(digits).toEqual({
        big: '9007199254740993',
        price: '0.00',
        wide: '1.100000000000000000000000000000',
        loose: '123456789012345678901234567890.123456789',
        seenAt: '2026-03-29T01:30:00.001Z',
        seenExact: '2026-03-29T01:30:00.100Z',
        seenZoned: '2026-03-29T01:30:00.100Z',
        clock: '01:30:00.1',
        ratioText: '0',
      });
    });

    it('that GraphQL has no number for are errors of their field, and text where the field is a Decimal', async () => {
      const { data, errors } = await zoo.ask('{ specimen(id: 6) { ratio ratioText price loose } }');
      expect(data).toEqual({ specimen: { ratio: null, ratioText: 'NaN', price: 'NaN', loose: 'NaN' } });
      expect(errors).toHaveLength(1);
      expect(errors?.[0]?.path).toEqual(['specimen', 'ratio']);
    });

    it('go in as they come out', async () => {
      const { data, errors } = await zoo.ask(
        '{ specimens(filter: { token: { eq: "not a uuid" } }) { totalCount } }',
      );
      expect(data).toBeUndefined();
      expect(errors?.[0]?.message).toMatch(/UUID/);
    });
  });

  describe('counts and aggregates', () => {
    it('are exact, filtered, and computed only where selected', async () => {
      const data = await zoo.data(
        `{ animalsAggregate(filter: { taxonId: { in: ["${gid('Taxon', '5')}", "${gid('Taxon', '6')}"] } }) {
             count avg { weightKg carerId } sum { weightKg carerId } min { bornAt name } max { bornAt id } }
           animalCount(filter: { isOnShow: { eq: true } })
           animal(id: "${gid('Animal', '6')}") { feedingCount all: feedingsAggregate { count sum { grams } avg { grams } max { grams since } }
             small: feedingsAggregate(filter: { grams: { lt: 100 } }) { count } feedingCount2: feedingCount(filter: { grams: { gt: 100 } }) } }`,
      );
      expect(data.animalsAggregate).toEqual({
        count: 4,
        avg: { weightKg: '185.175', carerId: 1.5 },
        sum: { weightKg: '740.70', carerId: '6' },
        min: { bornAt: '2019-05-01T10:00:00.123456Z', name: 'Leo' },
        max: { bornAt: '2020-02-29T00:00:00.000Z', id: '4' },
      });
      expect(data.animalCount).toBe(12);
      expect(data.animal).toEqual({
        feedingCount: 2,
        all: {
          count: 2,
          sum: { grams: '420' },
          avg: { grams: 210 },
          max: { grams: 400, since: '2026-01-03T08:00:00.001Z' },
        },
        small: { count: 1 },
        feedingCount2: 1,
      });
    });

    it('are objects even where nothing of them is asked', async () => {
      expect(await zoo.data('{ animalsAggregate { __typename avg { __typename } } }')).toEqual({
        animalsAggregate: { __typename: 'AnimalAggregate', avg: { __typename: 'AnimalAverages' } },
      });
      expect(
        await zoo.data(`{ animal(id: "${gid('Animal', '6')}") { feedingsAggregate { __typename } } }`),
      ).toEqual({
        animal: { feedingsAggregate: { __typename: 'FeedingAggregate' } },
      });
    });
  });

  describe('lists', () => {
    it('are ordered by their key, or as asked with the key last', async () => {
      const { animalList } = await zoo.data(
        '{ animalList(first: 3, orderBy: { field: MOOD, nulls: FIRST }) { name mood } }',
      );
      expect(animalList).toEqual([
        { name: 'Rajah', mood: null },
        { name: 'pingu', mood: null },
        { name: '100% cat', mood: null },
      ]);
      expect(names((await zoo.data('{ animalList(first: 3) { name } }')).animalList)).toEqual([
        'Leo',
        'Leonie',
        'Shere',
      ]);
    });

    it('of a view without a key work too', async () => {
      const { census } = await zoo.data(
        '{ census(filter: { taxonName: { eq: "Lion" } }) { taxonName mood animals } }',
      );
      expect(census).toHaveLength(2);
      expect(census).toContainEqual({ taxonName: 'Lion', mood: 'CALM', animals: '1' });
    });

    it.each([
      ['first: 0', 'first must be at least 1, not 0'],
      ['first: -1', 'first must be at least 1, not -1'],
      ['first: 21', 'first must be at most 20, not 21'],
      [
        'orderBy: [{ field: NAME }, { field: NAME, direction: DESC }]',
        'orderBy.1.field orders by NAME a second time',
      ],
    ])('refuse %s', async (args, message) => {
      expect(await faultOf(`{ animalList(${args}) { name } }`)).toBe(`BAD_USER_INPUT: ${message}`);
    });

    it('that grow beyond the bound are an error, never cut in silence', async () => {
      const extra = await createZooApi(driver);
      try {
        await extra.sql(
          `INSERT INTO zoo.keepers (id, badge, name) SELECT n, 'B' || n, 'Keeper ' || n FROM generate_series(200, 230) n`,
        );
        await extra.sql(`INSERT INTO zoo.animals (name, taxon_id, carer_id, enclosure_zone, enclosure_number, is_on_show)
          SELECT 'Fly ' || n, 10, 1, 'North', 3, true FROM generate_series(1, 21) n`);
        for (const [query, place] of [
          ['{ animalList { name } }', 'Query.animalList'],
          ['{ enclosure(zone: "North", number: 3) { animals { name } } }', 'Enclosure.animals'],
        ]) {
          const { errors } = await extra.ask(query!);
          expect(errors?.map((error) => `${error.extensions?.code} ${error.message}`)).toEqual([
            `LIST_TOO_LARGE ${place} holds more than 20 rows: ask for fewer with first, or page through a connection`,
          ]);
        }
        expect((await extra.data('{ animalList(first: 20) { name } }')).animalList).toHaveLength(20);
      } finally {
        await extra.close();
      }
    });
  });
}
