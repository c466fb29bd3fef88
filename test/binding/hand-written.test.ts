import { execute, parse, subscribe } from 'graphql';
import { bindSchema } from '../../src/binding/bind-schema.js';
import type { RequestContext } from '../../src/binding/request-context.js';
import type { Resolvers } from '../../src/binding/resolvers.js';
import { NO_COUNTERS } from '../../src/counters/counters.js';
import { createAbsentSignIn } from '../../src/identity/sign-in.js';
import { ANONYMOUS } from '../../src/identity/viewer.js';
import { RequestReads } from '../../src/reads/request-reads.js';
import { createLogger } from '../../src/telemetry/logger.js';
import { domainGraph } from '../domain/domain-graph.js';
import { createZooApi, type ZooApi } from './zoo-api.js';
import { LIMITS } from './zoo-schema.js';

const SDL = `
type Query {
  one: Specimen
  many: [Specimen]
  page: SpecimenConnection
  event: Event
  untagged: Event
  subject: Subject
  census: TaxonCensus
  payload: Payload
  cost(limit: Decimal = 1.50, since: DateTime = "2026-01-31T12:00:00+01:00", nested: CostInput = { limit: 2.50 }): String
}
input CostInput { limit: Decimal = 3.50 }
type Subscription { changed: Payload plain: Int! }
type Payload { specimen: Specimen events: [Event!] }
type Specimen { id: Int! label: String! price: Decimal big: BigInt seenExact: DateTime blob: Bytes texts: [String!]! bigs: [BigInt!]! payload: JSON }
type SpecimenConnection { edges: [SpecimenEdge!] nodes: [Specimen!] size: Int }
type SpecimenEdge { cursor: String! node: Specimen weight: Int }
type TaxonCensus { taxonName: String! animals: BigInt }
interface Event @model(name: "Event") { at: DateTime! }
type Birth implements Event @model(name: "Event", where: { kind: "BIRTH" }) { at: DateTime! grams: Int }
type OtherEvent implements Event @model(name: "Event") { at: DateTime! fromPlace: String }
union Subject = Specimen | TaxonCensus
`;

/** Answers `{ one }` and the like with what `give` returns. */
async function ask(zoo: ZooApi, query: string, give: unknown, more: Resolvers = {}) {
  const graph = await domainGraph();
  const answer = () => give;
  const resolvers: Resolvers = {
    Query: {
      one: answer,
      many: answer,
      page: answer,
      event: answer,
      untagged: answer,
      subject: answer,
      census: answer,
      payload: answer,
      cost: (_parent, args) => JSON.stringify(args),
    },
    Subscription: {
      changed: { subscribe: events, resolve: (event: unknown) => event },
      plain: { subscribe: events },
    },
    SpecimenConnection: { size: () => 7 },
    SpecimenEdge: { weight: () => 1 },
    ...more,
  };
  const schema = bindSchema({ sdl: [{ path: 'a.graphql', text: SDL }], graph, resolvers, limits: LIMITS });
  const contextValue: RequestContext = {
    viewer: ANONYMOUS,
    session: createAbsentSignIn('this is a test'),
    prisma: null,
    reads: new RequestReads(zoo.reader, graph),
    log: createLogger({ level: 'silent', format: 'json' }),
    requestId: 'test',
    tag: () => undefined,
    cacheHint: () => undefined,
    vary: () => '',
    cdnUrl: null,
    counters: NO_COUNTERS,
  };
  zoo.statements.length = 0;
  const document = parse(query);
  if (query.startsWith('subscription'))
    return { schema, document, contextValue, data: undefined, errors: undefined };
  const result = await execute({ schema, document, contextValue });
  return { schema, document, contextValue, ...JSON.parse(JSON.stringify(result)) };
}

async function* events() {
  yield { changed: null, plain: 1, specimen: { id: 1 } };
}

describe('what hand-written resolvers may return', () => {
  let zoo: ZooApi;

  beforeAll(async () => {
    zoo = await createZooApi('pg');
  });

  afterAll(async () => {
    await zoo.close();
  });

  it('a whole record, which costs no statement', async () => {
    const { data } = await ask(zoo, '{ one { id label big blob bigs payload } }', {
      id: 900,
      label: 'new',
      big: 7n,
      blob: new Uint8Array([1]),
      bigs: [1n],
      payload: { a: 1 },
    });
    expect(data.one).toEqual({
      id: 900,
      label: 'new',
      big: '7',
      blob: 'AQ==',
      bigs: ['1'],
      payload: { a: 1 },
    });
    expect(zoo.statements).toHaveLength(0);
  });

  it('a record whose decimals and times Prisma has rounded: they are read again', async () => {
    const { data } = await ask(zoo, '{ one { label price seenExact } }', {
      id: 1,
      label: 'as given',
      price: { toFixed: () => '10' },
      seenExact: new Date('2026-01-31T12:00:00.123Z'),
    });
    expect(data.one).toEqual({ label: 'as given', price: '10.00', seenExact: '2026-01-31T12:00:00.123456Z' });
  });

  it('a record that is gone, which is shown as it was given', async () => {
    const record = { id: 404, label: 'deleted', price: { toFixed: () => '10' } };
    expect((await ask(zoo, '{ one { label price } }', record)).data.one).toEqual({
      label: 'deleted',
      price: '10',
    });
    expect((await ask(zoo, '{ one { label texts } }', record)).data.one).toBeNull();
  });

  it('promises, lists with gaps, and errors among them', async () => {
    const { data, errors } = await ask(
      zoo,
      '{ many { label } }',
      Promise.resolve([{ id: 2 }, null, Promise.resolve({ id: 1 }), new Error('no third')]),
    );
    expect(data.many).toEqual([{ label: 'nothing' }, null, { label: 'ordinary' }, null]);
    expect(errors[0].message).toBe('no third');
    expect(zoo.statements).toHaveLength(1);
  });

  it('a page of keys, with fields of its own', async () => {
    const { data } = await ask(
      zoo,
      '{ page { edges { cursor weight node { label } } nodes { id label } size } }',
      {
        edges: [{ cursor: 'c', node: { id: 1 } }],
        nodes: [{ id: 2 }],
      },
    );
    expect(data.page).toEqual({
      edges: [{ cursor: 'c', weight: 1, node: { label: 'ordinary' } }],
      nodes: [{ id: 2, label: 'nothing' }],
      size: 7,
    });
  });

  it('a row of an interface, whose member is told by its columns', async () => {
    const { data } = await ask(
      zoo,
      '{ event { __typename at ... on Birth { grams } } other: untagged { __typename } }',
      { id: '1' },
    );
    expect(data).toEqual({
      event: { __typename: 'Birth', at: '2019-05-01T10:00:00.123456Z', grams: 1500 },
      other: { __typename: 'Birth' },
    });
    const illness = await ask(zoo, '{ event { __typename at } }', { id: '3' });
    expect(illness.data.event).toEqual({ __typename: 'OtherEvent', at: '2021-03-04T05:06:07.000001Z' });
  });

  it('a row inside a payload', async () => {
    const { data } = await ask(zoo, '{ payload { specimen { label } events { __typename } } }', {
      specimen: { id: 1 },
      events: [{ id: '1' }, { id: '6' }],
    });
    expect(data.payload).toEqual({
      specimen: { label: 'ordinary' },
      events: [{ __typename: 'Birth' }, { __typename: 'OtherEvent' }],
    });
  });

  it('a row of a union over several models, which must say its type', async () => {
    const named = await ask(zoo, '{ subject { ... on Specimen { label } } }', {
      __typename: 'Specimen',
      id: 1,
    });
    expect(named.data.subject).toEqual({ label: 'ordinary' });
    const whole = await ask(zoo, '{ subject { ... on Specimen { label } } }', {
      __typename: 'Specimen',
      id: 1,
      label: 'given',
      price: 1n,
    });
    expect(whole.data.subject).toEqual({ label: 'given' });
    const unnamed = await ask(zoo, '{ subject { ... on Specimen { label } } }', { id: 1 });
    expect(unnamed.errors[0].message).toBe("A value of the abstract type Subject doesn't say its __typename");
  });

  it('rows of a view without a key, but only whole ones', async () => {
    const whole = await ask(zoo, '{ census { taxonName animals } }', { taxonName: 'Lion', animals: 2n });
    expect(whole.data.census).toEqual({ taxonName: 'Lion', animals: '2' });
    const partly = await ask(zoo, '{ census { taxonName animals } }', { taxonName: 'Lion' });
    expect(partly.errors[0].message).toBe(
      'The resolver of Query.census gave a TaxonCensus without all selected columns',
    );
  });

  it('nothing, or something that is no object', async () => {
    expect((await ask(zoo, '{ one { label } }', undefined)).data.one).toBeNull();
    expect((await ask(zoo, '{ one { label } }', 'text')).data.one).toEqual(null);
  });

  it('get defaults as the scalars read them', async () => {
    const { data } = await ask(zoo, '{ cost }', null);
    expect(JSON.parse(data.cost)).toEqual({
      limit: '1.50',
      since: '2026-01-31T11:00:00.000Z',
      nested: { limit: '2.50' },
    });
  });

  it('events of a subscription, with rows in them', async () => {
    for (const [query, expected] of [
      ['subscription { changed { specimen { label } } }', { changed: { specimen: { label: 'ordinary' } } }],
    ] as const) {
      const { schema, document, contextValue } = await ask(zoo, query, null);
      const stream = await subscribe({ schema, document, contextValue });
      if (!(Symbol.asyncIterator in stream)) throw new Error(JSON.stringify(stream));
      for await (const event of stream) expect(JSON.parse(JSON.stringify(event)).data).toEqual(expected);
    }
  });

  it('events without a resolver of their own, as they come', async () => {
    const { schema, document, contextValue } = await ask(zoo, 'subscription { plain }', null, {
      Subscription: {
        changed: { subscribe: events },
        plain: {
          subscribe: async function* () {
            yield 42;
          },
        },
      },
    });
    const stream = await subscribe({ schema, document, contextValue });
    if (!(Symbol.asyncIterator in stream)) throw new Error(JSON.stringify(stream));
    for await (const event of stream) expect(JSON.parse(JSON.stringify(event)).data).toEqual({ plain: 42 });
  });
});
