import { getNamedType, isAbstractType, isCompositeType, isObjectType, parse } from 'graphql';
import type { Viewer } from '../../../src/identity/viewer.js';
import { DRIVERS, type Driver } from '../agreement/drivers.js';
import { globalId } from '../agreement/value-pool.js';
import { compareWithNaive } from './expect-naive.js';
import { needsOf } from './naive-zoo.js';
import { openProtectedWorld, type ProtectedWorld } from './protected-world.js';
import { VIEWERS } from './protected-zoo.js';

const LEO = globalId('Animal', '1');
const animal = (inner: string) => `{ animal(id: "${LEO}") { ${inner} } }`;

/** Where fields of each type are asked: `_` stands for the field. */
const PLACES: Readonly<Record<string, string>> = {
  Query: '{ _ }',
  Animal: animal('_'),
  AnimalConnection: '{ animals(first: 2) { _ } }',
  AnimalEdge: '{ animals(first: 2) { edges { _ } } }',
  PageInfo: '{ animals(first: 2) { pageInfo { _ } } }',
  AnimalAggregate: '{ animalsAggregate { _ } }',
  AnimalAverages: '{ animalsAggregate { avg { _ } } }',
  AnimalSums: '{ animalsAggregate { sum { _ } } }',
  AnimalBounds: '{ animalsAggregate { max { _ } } }',
  Taxon: `{ taxon(id: "${globalId('Taxon', '5')}") { _ } }`,
  Enclosure: '{ enclosure(zone: "North", number: 1) { _ } }',
  EnclosureLoad: `{ load(id: "${globalId('EnclosureLoad', '["North",1]')}") { _ } }`,
  Keeper: `{ keeper(id: "${globalId('Keeper', '1')}") { _ } }`,
  KeeperConnection: '{ keepers(first: 2) { _ } }',
  KeeperEdge: '{ keepers(first: 2) { edges { _ } } }',
  Shift: '{ shifts(first: 5) { nodes { _ } } }',
  ShiftConnection: '{ shifts(first: 1) { _ } }',
  ShiftEdge: '{ shifts(first: 5) { edges { _ } } }',
  Food: '{ food(name: "apple") { _ } }',
  FoodConnection: '{ foods(first: 2) { _ } }',
  FoodEdge: '{ foods(first: 2) { edges { _ } } }',
  Feeding: animal('feedings { _ }'),
  FeedingAggregate: animal('feedingsAggregate { _ }'),
  FeedingSums: animal('feedingsAggregate { sum { _ } }'),
  FeedingAverages: animal('feedingsAggregate { avg { _ } }'),
  FeedingBounds: animal('feedingsAggregate { max { _ } }'),
  Passport: animal('passport { _ }'),
  Birth: '{ births { _ } }',
  Illness: '{ events { ... on Illness { _ } } }',
  Transfer: '{ events { ... on Transfer { _ } } }',
  Note: '{ notes { _ } }',
  TaxonCensus: '{ census(filter: { taxonName: { eq: "Polar bear" } }) { _ } }',
  Specimen: '{ specimen(id: 1) { _ } }',
  SpecimenConnection: '{ specimens(first: 2) { _ } }',
  SpecimenEdge: '{ specimens(first: 2) { edges { _ } } }',
  Family: animal('family { _ }'),
  Viewer: '{ viewer { _ } }',
  RateLimit: '{ rateLimit { _ } }',
  RateLimitBudget: '{ rateLimit { budgets { _ } } }',
  RateLimitBlock: '{ rateLimitBlocks { _ } }',
  CacheStatistics: '{ caches { _ } }',
};

/** Arguments of fields that need some. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  'Query.node': `(id: "${globalId('Keeper', '2')}")`,
  'Query.nodes': `(ids: ["${globalId('Keeper', '2')}", "${LEO}", "${globalId('EnclosureLoad', '["North",2]')}"])`,
  'Query.animal': `(id: "${LEO}")`,
  'Query.enclosure': '(zone: "North", number: 1)',
  'Query.keeper': '(email: "ada@zoo.example")',
  'Query.shift': '(id: "00000000-0000-4000-8000-000000000001")',
  'Query.food': '(name: "apple")',
  'Query.taxon': '(name: "Lion")',
  'Query.birth': '(id: "1")',
  'Query.specimen': '(id: 1)',
  'Query.load': `(id: "${globalId('EnclosureLoad', '["North",1]')}")`,
  'Query.stub': '(id: 1)',
  'Query.anything': '(kind: "Keeper")',
};

/** Mutations, which the next block tries. */
const ELSEWHERE = new Set(['Mutation', 'RenameAnimalPayload', 'CacheWarming', 'CacheWarmingRefusal']);

/** One of each tier, and of scopes: the others are asked of compiled code alone, or of what serves where it doesn't. */
const EVERYWHERE = new Set(['anonymous', 'authenticated', 'premium', 'premium, with all scopes', 'staff']);

describe('every field', () => {
  let world: ProtectedWorld;

  beforeAll(async () => {
    world = await openProtectedWorld();
  });

  afterAll(() => world.close());

  function listFields() {
    return Object.values(world.api.schema.getTypeMap())
      .filter((type) => isObjectType(type) && !type.name.startsWith('__') && !ELSEWHERE.has(type.name))
      .flatMap((type) =>
        (isObjectType(type) ? Object.values(type.getFields()) : []).map((field) => ({ type, field })),
      );
  }

  it.each(Object.entries(VIEWERS))(
    'is answered as by a resolver that checks, for a viewer who is %s',
    async (name, viewer) => {
      const drivers: readonly Driver[] = EVERYWHERE.has(name) ? DRIVERS : ['compiled'];
      const differences: string[] = [];
      let tried = 0;
      for (const { type, field } of listFields()) {
        const coordinate = `${type.name}.${field.name}`;
        const nested = isCompositeType(getNamedType(field.type)) ? ' { __typename }' : '';
        const selected = `${field.name}${ARGUMENTS[coordinate] ?? ''}${nested}`;
        const text = PLACES[type.name]?.replace('_', selected);
        if (text === undefined) throw new Error(`Say where fields of ${type.name} are asked`);
        const operation = { text, variables: {}, operationName: null };
        const { different, report } = await compareWithNaive(world, parse(text), operation, viewer, drivers);
        if (different.length > 0) differences.push(`${text}\n${report}`);
        tried += 1;
      }
      expect(differences).toEqual([]);
      expect(tried).toBeGreaterThan(150);
    },
    120_000,
  );

  it.each(DRIVERS)(
    'that a viewer may not select is null with one error, over %s',
    async (driver) => {
      for (const viewer of Object.values(VIEWERS)) {
        for (const { type, field } of listFields()) {
          // What lies directly below a row that everybody sees, and is refused or not before anything is read.
          if (type.name !== 'Animal' || isAbstractType(getNamedType(field.type))) continue;
          const isRefused = needsOf(type.name, field).some((need) => !need.isMetBy(viewer));
          const nested = isCompositeType(getNamedType(field.type)) ? ' { __typename }' : '';
          const text = animal(`asked: ${field.name}${nested} name`);
          const operation = { text, variables: {}, operationName: null };
          const { answer } = await world.drivers.ask(driver, parse(text), operation, viewer);
          expect({ field: field.name, refused: answer.errors.length > 0 }).toEqual({
            field: field.name,
            refused: isRefused,
          });
          if (!isRefused) continue;
          const [error, ...others] = answer.errors;
          expect(others).toEqual([]);
          expect(error?.path).toEqual(['animal', 'asked']);
          expect(error?.text).toContain(viewer.isAuthenticated ? '"FORBIDDEN"' : '"UNAUTHENTICATED"');
          const isRequired = `${field.type}`.endsWith('!');
          expect(answer.data).toBe(isRequired ? '{"animal":null}' : '{"animal":{"asked":null,"name":"Leo"}}');
        }
      }
    },
    120_000,
  );

  it.each(DRIVERS)('of a mutation: nothing of one that is refused has run, over %s', async (driver) => {
    const text = `mutation ($name: String!) { renameAnimal(input: { id: "x", name: $name }) { animal { name } keeper { name } } }`;
    const document = parse(text);
    const nameOf = async () =>
      (await world.admin.query<{ name: string }>('SELECT name FROM zoo.animals WHERE id = 1')).rows[0]?.name;
    const rename = (name: string, viewer: Viewer) =>
      world.drivers.ask(driver, document, { text, variables: { name }, operationName: null }, viewer);
    for (const viewer of Object.values(VIEWERS)) {
      const isStaff = viewer.isAuthenticated && viewer.tier === 'staff';
      const { answer } = await rename('Renamed', viewer);
      expect(answer.errors.map(({ path }) => path)).toEqual(isStaff ? [] : [['renameAnimal']]);
      expect(await nameOf()).toBe(isStaff ? 'Renamed' : 'Leo');
      if (isStaff) await rename('Leo', viewer);
    }
  });
});
