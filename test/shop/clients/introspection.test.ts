import {
  type GraphQLArgument,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedDirective,
  isSpecifiedScalarType,
  validateSchema,
} from 'graphql';
import { INTROSPECTION, introspect } from './introspect.js';
import { type LiveShop, OPEN_TIMEOUT_MS, openLiveShop } from './live-shop.js';

let shop: LiveShop;
let schema: GraphQLSchema;
beforeAll(async () => {
  shop = await openLiveShop();
  schema = await introspect(shop);
}, OPEN_TIMEOUT_MS);
afterAll(() => shop.close());

const ownTypes = (): GraphQLNamedType[] =>
  Object.values(schema.getTypeMap()).filter(
    (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
  );

describe('introspection', () => {
  it('tells tools the whole schema, without a fault', () => {
    expect(validateSchema(schema)).toEqual([]);
    expect(schema.getQueryType()?.name).toBe('Query');
    expect(schema.getMutationType()?.name).toBe('Mutation');
  });

  it('describes every type, field, argument, enum value and directive', () => {
    const elements = ownTypes().flatMap(listElements);
    const directives = schema.getDirectives().filter((directive) => !isSpecifiedDirective(directive));
    expect(elements.length).toBeGreaterThan(300);
    expect(
      [...elements, ...directives].filter(({ description }) => !description?.trim()).map(({ name }) => name),
    ).toEqual([]);
  });

  it('offers no type that nothing of it uses, and no directive that only the server reads', () => {
    // A `BackgroundJob` stands where `Job` is asked for.
    const used = new Set<string>([
      'Query',
      'Mutation',
      'Subscription',
      'BackgroundJob',
      ...ownTypes().flatMap(listUsedTypes),
    ]);
    expect(
      ownTypes()
        .map((type) => type.name)
        .filter((name) => !used.has(name)),
    ).toEqual([]);
    expect(schema.getDirectives().filter((directive) => !isSpecifiedDirective(directive))).toEqual([]);
  });

  it('says where the form of each scalar is laid down, if anywhere', () => {
    expect(schema.getType('DateTime')).toMatchObject({ specifiedByURL: expect.stringContaining('rfc3339') });
    expect(schema.getType('UUID')).toMatchObject({ specifiedByURL: expect.stringContaining('rfc9562') });
  });
});

describe('introspection turned off', () => {
  let closed: LiveShop;
  beforeAll(async () => {
    closed = await openLiveShop({ SLUICE_HTTP_INTROSPECTION: 'off' });
  }, OPEN_TIMEOUT_MS);
  afterAll(() => closed.close());

  it('answers a clear error instead of the schema', async () => {
    for (const query of [
      INTROSPECTION,
      '{ __schema { types { name } } }',
      '{ __type(name: "Product") { name } }',
    ]) {
      const { status, data, errors } = await closed.ask(query);
      expect([status, data]).toEqual([400, undefined]);
      expect(errors?.[0]?.message).toMatch(/introspection is not allowed/i);
      expect(errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    }
  });

  it('does not give names away by guessing what was meant', async () => {
    const { errors } = await closed.ask('{ produkt { id } }');
    expect(errors?.[0]?.message).toBe('Cannot query field "produkt" on type "Query".');
  });

  it('answers everything else, and __typename with it', async () => {
    const { data } = await closed.ask('{ __typename categories(first: 1) { __typename } }');
    expect(data).toEqual({ __typename: 'Query', categories: [{ __typename: 'Category' }] });
  });
});

interface Element {
  readonly name: string;
  readonly description?: string | null;
}

function listElements(type: GraphQLNamedType): Element[] {
  const elements: Element[] = [type];
  const add = (owner: string, parts: readonly Element[]) => {
    for (const part of parts) {
      elements.push({ name: `${owner}.${part.name}`, description: part.description });
    }
  };
  if (isObjectType(type) || isInterfaceType(type)) {
    const fields = Object.values(type.getFields());
    add(type.name, fields);
    for (const field of fields) add(`${type.name}.${field.name}`, field.args);
  } else if (isInputObjectType(type)) {
    add(type.name, Object.values(type.getFields()));
  } else if (isEnumType(type)) {
    add(type.name, type.getValues());
  }
  return elements;
}

function listUsedTypes(type: GraphQLNamedType): string[] {
  if (isInputObjectType(type)) {
    return Object.values(type.getFields()).map((field) => getNamedType(field.type).name);
  }
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  const fields = Object.values(type.getFields());
  return [
    ...type.getInterfaces().map((face) => face.name),
    ...fields.map((field) => getNamedType(field.type).name),
    ...fields.flatMap((field) => field.args.map((arg: GraphQLArgument) => getNamedType(arg.type).name)),
  ];
}
