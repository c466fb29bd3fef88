import type { BoundApi } from '../../src/binding/bind-schema.js';
import { signDevelopmentToken } from '../../src/identity/development-token.js';
import { createPool } from '../../src/reads/pg/create-pool.js';
import { PgRowReader } from '../../src/reads/pg/pg-row-reader.js';
import { bindProtectedZoo } from '../binding/authorization/protected-zoo.js';
import { createDomainDatabase } from '../domain/domain-database.js';
import { domainGraph } from '../domain/domain-graph.js';
import { POOL_SETTINGS } from '../reads/pg-zoo.js';
import { type AskOptions, type SmallGateway, startSmallGateway } from './small-gateway.js';

const SECRET = 'a secret of at least thirty-two characters';

interface ProtectedGateway extends SmallGateway {
  as(id: string, tier: string, query: string, options?: AskOptions): ReturnType<SmallGateway['ask']>;
}

/** A gateway over the protected zoo, everything behind it real. */
async function startProtectedGateway(env: Record<string, string>): Promise<ProtectedGateway> {
  const [database, graph, api]: [
    Awaited<ReturnType<typeof createDomainDatabase>>,
    Awaited<ReturnType<typeof domainGraph>>,
    BoundApi,
  ] = await Promise.all([createDomainDatabase(), domainGraph(), bindProtectedZoo()]);
  const pool = createPool({ ...POOL_SETTINGS, poolSize: 2, url: database.url });
  const pipelines = { ...POOL_SETTINGS, url: database.url, pipelines: 1, shortTimeoutMs: 10_000 };
  const reader = new PgRowReader({ pool, graph, prepared: true, pipelines });
  const gateway = await startSmallGateway(
    { SLUICE_IDENTITY_JWT_SECRET: SECRET, ...env },
    { schema: api.schema, bindings: api.bindings, compiler: api.compiler, graph, reader, plans: reader },
  );
  return {
    ...gateway,
    async as(viewerId, tier, query, options = {}) {
      const token = await signDevelopmentToken({ secret: SECRET, viewerId, tier });
      return gateway.ask(query, { ...options, headers: { authorization: `Bearer ${token}` } });
    },
    async close() {
      await gateway.close();
      await Promise.all([pool.end(), reader.end()]);
      await database.drop();
    },
  };
}

describe('a gateway over a schema that says who may see what', () => {
  let gateway: ProtectedGateway;

  beforeAll(async () => {
    gateway = await startProtectedGateway({ SLUICE_HTTP_INTROSPECTION: 'visible' });
  });

  afterAll(() => gateway.close());

  it('answers what may be seen, and an error with code, path and place for what may not', async () => {
    const query = '{ animalList(first: 1) { name weightKg vetId } }';
    const anonymous = await gateway.ask(query);
    expect(anonymous.status).toBe(200);
    expect(anonymous.data).toEqual({ animalList: [{ name: 'Leo', weightKg: null, vetId: null }] });
    expect(anonymous.errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['animalList', 0, 'weightKg'], 'UNAUTHENTICATED'],
      [['animalList', 0, 'vetId'], 'UNAUTHENTICATED'],
    ]);
    const signedIn = await gateway.as('1', 'authenticated', query);
    expect(signedIn.data).toEqual({ animalList: [{ name: 'Leo', weightKg: '190.00', vetId: null }] });
    expect(signedIn.errors).toMatchObject([
      {
        message: 'Animal.vetId needs the tier "premium"',
        locations: [{ line: 1, column: 40 }],
        extensions: { code: 'FORBIDDEN' },
      },
    ]);
    expect((await gateway.as('1', 'premium', query)).errors).toBeUndefined();
  });

  it('tells a refused argument by its path', async () => {
    const { errors } = await gateway.ask('query ($f: AnimalFilter) { animals(filter: $f) { totalCount } }', {
      variables: { f: { not: { weightKg: { lt: 5 } } } },
    });
    expect(errors).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED', inputPath: ['filter', 'not', 'weightKg'] } },
    ]);
  });

  it('shows each viewer their own rows, compiled or not, in any order of asking', async () => {
    const query = '{ shifts { totalCount nodes { badge } } }';
    for (const expected of [
      ['1', 3],
      ['2', 1],
      ['3', 1],
      ['4', 0],
      ['1', 3],
    ] as const) {
      const { data } = await gateway.as(expected[0], 'authenticated', query);
      expect(data).toMatchObject({ shifts: { totalCount: expected[1] } });
    }
    expect((await gateway.as('9', 'staff', query)).data).toMatchObject({ shifts: { totalCount: 5 } });
    expect((await gateway.ask(query)).data).toEqual({ shifts: { totalCount: 0, nodes: [] } });
  });

  it('introspects what the viewer may select', async () => {
    const query = 'query ($t: String!) { __type(name: $t) { name fields { name } } }';
    const fieldsOf = async (answer: ReturnType<SmallGateway['ask']>) =>
      ((await answer).data?.__type as { fields: { name: string }[] } | null)?.fields.map(
        ({ name }) => name,
      ) ?? null;
    expect(await fieldsOf(gateway.ask(query, { variables: { t: 'Keeper' } }))).toBeNull();
    expect(await fieldsOf(gateway.as('1', 'premium', query, { variables: { t: 'Keeper' } }))).not.toContain(
      'email',
    );
    expect(await fieldsOf(gateway.as('1', 'staff', query, { variables: { t: 'Keeper' } }))).toContain(
      'email',
    );
    expect(await fieldsOf(gateway.ask(query, { variables: { t: 'Animal' } }))).not.toContain('weightKg');
  });

  it('introspects the same beside other fields, through fragments and under aliases', async () => {
    const query = `query ($f: AnimalFilter, $yes: Boolean = true) {
      animalCount(filter: $f) ...Asked @include(if: $yes) b: __type(name: "Food") { ...Fields } n: __typename }
      fragment Asked on Query { a: __type(name: "Keeper") { ...Fields } s: __schema { types { name } } }
      fragment Fields on __Type { fields { name } }`;
    const anonymous = await gateway.ask(query);
    expect(anonymous.errors).toBeUndefined();
    expect(Object.keys(anonymous.data ?? {})).toEqual(['animalCount', 'a', 's', 'b', 'n']);
    expect(anonymous.data).toMatchObject({ animalCount: 15, a: null, n: 'Query' });
    expect(JSON.stringify(anonymous.data)).not.toMatch(/Keeper|kcal/);
    expect((await gateway.as('1', 'staff', query)).data).toMatchObject({
      a: { fields: expect.arrayContaining([{ name: 'email' }]) },
    });
    const without = await gateway.ask(query, { variables: { yes: false } });
    expect(Object.keys(without.data ?? {})).toEqual(['animalCount', 'b', 'n']);
  });

  it('leaves faulty requests for introspection to be told as any other', async () => {
    const missing = await gateway.ask('query ($t: String!) { __type(name: $t) { name } }');
    expect(missing.errors).toHaveLength(1);
    expect(missing.data).toBeUndefined();
    const refused = await gateway.ask('{ __schema { nonsense } }');
    expect(refused.errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    const nulled = await gateway.ask('{ keepers { totalCount } __type(name: "Keeper") { name } }');
    expect(nulled.data).toBeNull();
    expect(
      (
        await gateway.ask(
          '{ animalCount @include(if: false) __type(name: "Keeper") @skip(if: true) { name } }',
        )
      ).data,
    ).toEqual({});
    const misspelt = await gateway.ask('{ animalList { weightK } }');
    expect(misspelt.errors?.[0]?.message).not.toContain('weightKg');
  });
});

describe('introspection that is on for all', () => {
  it('shows the whole schema to anybody', async () => {
    const gateway = await startProtectedGateway({});
    try {
      const { data } = await gateway.ask('{ __type(name: "Keeper") { fields { name } } }');
      expect(data).toMatchObject({ __type: { fields: expect.arrayContaining([{ name: 'email' }]) } });
    } finally {
      await gateway.close();
    }
  });
});
