import {
  buildSchema,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  isScalarType,
  printSchema,
  validateSchema,
} from 'graphql';
import { type BoundApi, bindApi } from '../../../src/binding/bind-schema.js';
import { VisibleSchemas } from '../../../src/binding/visibility/visible-schemas.js';
import { ANONYMOUS } from '../../../src/identity/viewer.js';
import { domainGraph } from '../../domain/domain-graph.js';
import { LIMITS } from '../zoo-schema.js';
import { needsOf } from './naive-zoo.js';
import { bindProtectedZoo, signedIn, VIEWERS } from './protected-zoo.js';

let api: BoundApi;
let schemas: VisibleSchemas;

beforeAll(async () => {
  api = await bindProtectedZoo();
  schemas = new VisibleSchemas(api.schema, api.bindings);
});

function has(schema: GraphQLSchema, coordinate: string): boolean {
  const [typeName = '', fieldName = ''] = coordinate.split('.');
  const type = schema.getType(typeName);
  if (type === undefined) return false;
  if (fieldName === '') return true;
  if ('getFields' in type) return fieldName in type.getFields();
  return 'getValues' in type && type.getValues().some(({ name }) => name === fieldName);
}

async function visible(sdl: string): Promise<GraphQLSchema> {
  const { schema, bindings } = bindApi({
    sdl: [{ path: 'visible.graphql', text: sdl }],
    graph: await domainGraph(),
    limits: LIMITS,
    resolvers: sdl.includes('Mutation') ? { Mutation: { feed: () => null } } : {},
  });
  return new VisibleSchemas(schema, bindings).schemaOf(ANONYMOUS);
}

describe('a visible schema', () => {
  it.each(Object.entries(VIEWERS))(
    'is valid and has what may be selected, for a viewer who is %s',
    (_name, viewer) => {
      const schema = schemas.schemaOf(viewer);
      expect(validateSchema(schema)).toEqual([]);
      expect(printSchema(buildSchema(printSchema(schema)))).toBe(printSchema(schema));
      for (const type of Object.values(schema.getTypeMap())) {
        if (!isObjectType(type) || type.name.startsWith('__')) continue;
        for (const field of Object.values(type.getFields()))
          expect([field.name, needsOf(type.name, field).every((need) => need.isMetBy(viewer))]).toEqual([
            field.name,
            true,
          ]);
        // What is left out is what may not be selected, and nothing else.
        const whole = api.schema.getType(type.name);
        for (const field of Object.values(isObjectType(whole) ? whole.getFields() : {})) {
          // Groups of aggregates that have nothing left are gone.
          const isThere = schema.getType(getNamedType(field.type).name) !== undefined;
          const isFree = isThere && needsOf(type.name, field).every((need) => need.isMetBy(viewer));
          expect([type.name, field.name, has(schema, `${type.name}.${field.name}`)]).toEqual([
            type.name,
            field.name,
            isFree,
          ]);
        }
      }
    },
  );

  it('lacks inputs that would be refused, and types that nobody can reach', () => {
    const schema = schemas.schemaOf(ANONYMOUS);
    for (const gone of [
      ...[
        'Keeper',
        'KeeperConnection',
        'KeeperFilter',
        'KeeperIs',
        'Illness',
        'EnclosureLoad',
        'Mutation.renameAnimal',
        'RenameAnimalInput',
      ],
      ...[
        'AnimalFilter.weightKg',
        'AnimalFilter.vet',
        'AnimalFilter.friends',
        'AnimalOrderField.WEIGHT_KG',
        'FriendsFilter',
      ],
      ...[
        'FoodFilter.kcal',
        'EnclosureOrderField.TITLE',
        'FeedingSums.grams',
        'FeedingSums',
        'FeedingAggregate.sum',
      ],
    ])
      expect([gone, has(schema, gone)]).toEqual([gone, false]);
    for (const kept of [
      'AnimalFilter.name',
      'AnimalFilter.and',
      'AnimalOrderField.NAME',
      'FeedingAggregate.count',
      'Birth',
      'Event',
    ])
      expect([kept, has(schema, kept)]).toEqual([kept, true]);
    // Shown by an interface only where all of its types show it.
    expect(has(schema, 'Event.at')).toBe(false);
    const keeper = (tier: string) =>
      schemas
        .schemaOf(signedIn('1', tier))
        .getQueryType()
        ?.getFields()
        .keeper?.args.map(({ name }) => name);
    expect(keeper('premium')).toEqual(['id', 'badge']);
    expect(keeper('staff')).toEqual(['id', 'badge', 'email']);
  });

  it('is one for all who meet the same, and the schema itself for who meets everything', async () => {
    expect(schemas.schemaOf(signedIn('1', 'premium'))).toBe(schemas.schemaOf(signedIn('2', 'premium')));
    expect(schemas.schemaOf(signedIn('1', 'premium'))).not.toBe(
      schemas.schemaOf(signedIn('1', 'authenticated')),
    );
    expect(schemas.schemaOf(signedIn('1', 'staff', 'births:read', 'health:read'))).toBe(api.schema);
    const plain = bindApi({
      sdl: [{ path: 'a.graphql', text: 'type Query { foods: [Food!]! } type Food { name: String! }' }],
      graph: await domainGraph(),
      limits: LIMITS,
    });
    expect(new VisibleSchemas(plain.schema, plain.bindings).schemaOf(ANONYMOUS)).toBe(plain.schema);
  });

  it('loses unions, enums and operation types that have nothing left', async () => {
    const schema = await visible(`
      type Query { notes: [Note!] foods(orderBy: [FoodOrder!]): [Food!] }
      type Mutation @requiresTier(tier: "staff") { feed: Int }
      type Note { text: String! subject: Subject }
      union Subject = Keeper
      type Keeper @authenticated { name: String! }
      type Food { name: String! kcal: Int @authenticated }
      input FoodOrder { field: FoodOrderField! }
      enum FoodOrderField { KCAL }`);
    expect(validateSchema(schema)).toEqual([]);
    // The engine's own are in every schema.
    const types = Object.values(schema.getTypeMap()).filter(
      ({ name }) =>
        !/^(__|Viewer$|RateLimit|CacheStatistics$)/.test(name) && !isScalarType(schema.getType(name)),
    );
    const fieldsOf = (type: (typeof types)[number]) =>
      isObjectType(type)
        ? Object.keys(type.getFields()).filter((name) => !/^(viewer$|rateLimit|caches$)/.test(name))
        : null;
    expect(Object.fromEntries(types.map((type) => [type.name, fieldsOf(type)]))).toEqual({
      Query: ['notes', 'foods'],
      Note: ['text'],
      Food: ['name'],
    });
  });

  it('names only the operation types that are left', async () => {
    const schema = await visible(`
      schema { query: Zoo mutation: Mutation }
      type Zoo { foods: [Food!] }
      type Mutation @authenticated { feed: Int }
      type Food { name: String! }`);
    expect(validateSchema(schema)).toEqual([]);
    expect(schema.getQueryType()?.name).toBe('Zoo');
    expect(schema.getMutationType()).toBeUndefined();
  });
});
