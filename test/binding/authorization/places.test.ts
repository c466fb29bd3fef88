import { parse, subscribe } from 'graphql';
import { type BoundApi, bindApi } from '../../../src/binding/bind-schema.js';
import type { Resolvers } from '../../../src/binding/resolvers.js';
import { ANONYMOUS, type Viewer } from '../../../src/identity/viewer.js';
import { domainGraph } from '../../domain/domain-graph.js';
import { createZooApi, type ZooApi } from '../zoo-api.js';
import { LIMITS } from '../zoo-schema.js';
import { signedIn } from './protected-zoo.js';

const AUTHENTICATED = signedIn('1', 'authenticated');
const STAFF = signedIn('1', 'staff');

/** An API over the zoo, for the length of one test. */
async function withApi(
  sdl: string,
  resolvers: Resolvers,
  use: (zoo: ZooApi) => Promise<void>,
): Promise<void> {
  const zoo = await createZooApi('compiled', () => bind(sdl, resolvers));
  try {
    await use(zoo);
  } finally {
    await zoo.close();
  }
}

async function bind(sdl: string, resolvers: Resolvers = {}): Promise<BoundApi> {
  const graph = await domainGraph();
  return bindApi({ sdl: [{ path: 'places.graphql', text: sdl }], graph, resolvers, limits: LIMITS });
}

async function codesOf(zoo: ZooApi, query: string, viewer: Viewer = ANONYMOUS): Promise<string[]> {
  const { errors = [] } = await zoo.ask(query, {}, viewer);
  return errors.map(({ path, extensions }) => `${path?.join('.')} ${extensions.code}`).sort();
}

describe('a requirement', () => {
  it('on an interface holds for fields that return it, on its fields for those of each type', async () => {
    const sdl = `
      type Query { events: [Event!] births: [Birth!] node(id: ID!): Node }
      interface Event @model(name: "Event") @authenticated { at: DateTime @requiresTier(tier: "premium") }
      type Birth implements Event @model(name: "Event", where: { kind: "BIRTH" }) { at: DateTime grams: Int }
      type Illness implements Event @model(name: "Event", where: { kind: "ILLNESS" }) { at: DateTime }
      type Transfer implements Event & Node @model(name: "Event", where: { kind: "TRANSFER" }) { id: ID! at: DateTime }`;
    await withApi(sdl, {}, async (zoo) => {
      expect(await codesOf(zoo, '{ events { __typename } births { grams } }')).toEqual([
        'events UNAUTHENTICATED',
      ]);
      expect(await codesOf(zoo, '{ births { at } }')).toEqual([
        'births.0.at UNAUTHENTICATED',
        'births.1.at UNAUTHENTICATED',
      ]);
      expect((await codesOf(zoo, '{ events { at } }', AUTHENTICATED)).length).toBe(7);
      expect(await codesOf(zoo, '{ events { at } }', STAFF)).toEqual([]);
      expect(zoo.statements).toHaveLength(1);
    });
  });

  it('on an operation type holds for all of its fields', async () => {
    const sdl = `
      type Query @authenticated { foods: [Food!] greeting: String }
      type Mutation @requiresTier(tier: "staff") { feed: Int }
      type Food { name: String! }`;
    let fed = 0;
    const resolvers: Resolvers = {
      Query: { greeting: () => 'hello' },
      Mutation: {
        feed: () => {
          fed += 1;
          return fed;
        },
      },
    };
    await withApi(sdl, resolvers, async (zoo) => {
      expect(await codesOf(zoo, '{ __typename foods { name } greeting }')).toEqual([
        'foods UNAUTHENTICATED',
        'greeting UNAUTHENTICATED',
      ]);
      expect(await codesOf(zoo, 'mutation { a: feed b: feed }', AUTHENTICATED)).toEqual([
        'a FORBIDDEN',
        'b FORBIDDEN',
      ]);
      expect(fed).toBe(0);
      expect(await codesOf(zoo, 'mutation { feed }', STAFF)).toEqual([]);
      expect(fed).toBe(1);
      expect(await codesOf(zoo, '{ __schema { queryType { name } } __type(name: "Food") { name } }')).toEqual(
        [],
      );
    });
  });

  it('on a subscription is asked before anything is subscribed to', async () => {
    let subscribed = 0;
    const { schema } = await bind(
      `type Query { foods: [Food!] }
       type Food { name: String! }
       type Subscription { ticks: Int! @authenticated bells: Int! }`,
      {
        Subscription: {
          ticks: {
            subscribe: async function* () {
              subscribed += 1;
              yield { ticks: 1 };
            },
            resolve: ({ ticks }: { ticks: number }) => ticks,
          },
          bells: {
            subscribe: async function* () {
              yield { bells: 1 };
            },
          },
        },
      },
    );
    const start = (viewer: Viewer) =>
      subscribe({ schema, document: parse('subscription { ticks }'), contextValue: { viewer } });
    const refused = await start(ANONYMOUS);
    expect(refused).toMatchObject({ errors: [{ path: ['ticks'] }] });
    expect(subscribed).toBe(0);
    const ticking = (await start(AUTHENTICATED)) as AsyncGenerator;
    expect(await ticking.next()).toEqual({ done: false, value: { data: { ticks: 1 } } });
    await ticking.return(undefined);
  });

  it('on one of two types of a model leaves what the other shows free, for that one alone', async () => {
    const sdl = `
      type Query {
        keepers(filter: KeeperFilter): [Keeper!]
        colleagues(filter: KeeperFilter, orderBy: [KeeperOrder!]): [Colleague!]
        animals(filter: AnimalFilter): [Animal!]
        keeperCount: Int @model(name: "Keeper")
      }
      type Keeper @authenticated { name: String! badge: String! email: String @requiresTier(tier: "staff") }
      type Colleague @model(name: "Keeper") { name: String! }
      type Animal { name: String! carer: Colleague! careCount: Int @relation(name: "notes") }
      input KeeperFilter { name: StringFilter badge: StringFilter email: StringFilter not: KeeperFilter and: [KeeperFilter!] treats: TreatsFilter }
      input TreatsFilter { some: AnimalFilter }
      input AnimalFilter { carer: CarerIs name: StringFilter }
      input CarerIs { is: KeeperFilter }
      input KeeperOrder { field: KeeperOrderField! }
      enum KeeperOrderField { NAME BADGE }`;
    await withApi(sdl, {}, async (zoo) => {
      expect(
        await codesOf(
          zoo,
          '{ colleagues(filter: { name: { eq: "Ada" } }, orderBy: [{ field: NAME }]) { name } keeperCount }',
        ),
      ).toEqual([]);
      // What only the hidden one shows stays hidden.
      expect(
        await codesOf(zoo, '{ colleagues(filter: { not: { badge: { eq: "K-001" } } }) { name } }'),
      ).toEqual(['colleagues UNAUTHENTICATED']);
      expect(await codesOf(zoo, '{ colleagues(orderBy: [{ field: BADGE }]) { name } }')).toEqual([
        'colleagues UNAUTHENTICATED',
      ]);
      expect(
        await codesOf(zoo, '{ colleagues(filter: { email: { isNull: true } }) { name } }', AUTHENTICATED),
      ).toEqual(['colleagues FORBIDDEN']);
      // Through a relation it isn't known as which type the rows would be shown.
      expect(
        await codesOf(zoo, '{ animals(filter: { carer: { is: { name: { eq: "Ada" } } } }) { name } }'),
      ).toEqual(['animals UNAUTHENTICATED']);
      expect(
        await codesOf(
          zoo,
          '{ animals(filter: { carer: { is: { name: { eq: "Ada" } } } }) { name } }',
          AUTHENTICATED,
        ),
      ).toEqual([]);
      expect(
        await codesOf(zoo, '{ colleagues(filter: { treats: { some: { name: { eq: "Leo" } } } }) { name } }'),
      ).toEqual([]);
    });
  });

  it('on all types that a relation leads to holds for filters along it, and for its count', async () => {
    const sdl = `
      type Query { animals(filter: AnimalFilter): [Animal!] foods: [Food!] }
      type Animal { name: String! foodsCount: Int notes: [Note!] noted: Int @relation(name: "notes") }
      type Note { text: String! keeper: Keeper subject: Subject }
      type Keeper { name: String! }
      union Subject = Keeper | Animal
      type Food @requiresScopes(scopes: [["a", "b"], ["c"]]) { name: String! }
      input AnimalFilter { foods: FoodsFilter or: [AnimalFilter!] }
      input FoodsFilter { some: FoodFilter none: FoodFilter }
      input FoodFilter { name: StringFilter }`;
    await withApi(sdl, {}, async (zoo) => {
      for (const query of [
        '{ animals(filter: { or: [{ foods: { none: {} } }] }) { name } }',
        '{ animals(filter: { foods: { some: { name: { eq: "apple" } } } }) { name } }',
        '{ foods { __typename } }',
      ]) {
        expect(await codesOf(zoo, query, AUTHENTICATED)).toEqual([
          `${query.slice(2, 9).replace(/\W.*/, '')} FORBIDDEN`,
        ]);
        expect(zoo.statements).toEqual([]);
        expect(await codesOf(zoo, query, signedIn('1', 'authenticated', 'c'))).toEqual([]);
      }
      const { errors } = await zoo.ask(
        '{ animals(filter: {}) { name foodsCount noted notes { subject { __typename } } } }',
        {},
        AUTHENTICATED,
      );
      expect(errors?.[0]?.message).toBe('Animal.foodsCount needs the scopes "a" and "b" or the scope "c"');
      expect(new Set(errors?.map(({ path }) => path?.at(-1)))).toEqual(new Set(['foodsCount']));
    });
  });

  it('is told a thousand times at most where a field may be null, and null also beyond', async () => {
    const sdl = `
      type Query { things: [Thing]! }
      type Thing { secret: Int @authenticated must: Int! @authenticated free: Int }`;
    const things = Array.from({ length: 1_200 }, (_, index) => ({ secret: 1, must: 2, free: index }));
    await withApi(sdl, { Query: { things: () => things } }, async (zoo) => {
      const { data, errors } = await zoo.ask('{ things { secret free } }');
      expect(errors).toHaveLength(1_000);
      expect(data.things).toEqual(things.map(({ free }) => ({ secret: null, free })));
      // No null may stand there: each of them carries it upwards.
      const required = await zoo.ask('{ things { must } }');
      expect(required.errors).toHaveLength(1_200);
      expect(required.data.things).toEqual(things.map(() => null));
    });
  });

  it('that fails in a list beside what fails at once ends no process', async () => {
    const sdl = `
      type Query { animals: [Animal!] }
      type Animal { name: String! slow: Slow! broken: Int! }
      type Slow { secret: String! @authenticated }`;
    const resolvers: Resolvers = {
      Animal: {
        slow: async () => ({ secret: 'x' }),
        broken: ({ name }: { name: string }) => (name === 'Leonie' ? null : 1),
      },
    };
    const unheard: unknown[] = [];
    const hear = (reason: unknown) => unheard.push(reason);
    process.on('unhandledRejection', hear);
    try {
      await withApi(sdl, resolvers, async (zoo) => {
        const { data, errors } = await zoo.ask('{ animals { broken slow { secret } } }');
        expect(data).toEqual({ animals: null });
        expect(errors).toHaveLength(1);
      });
      expect(unheard).toEqual([]);
    } finally {
      process.off('unhandledRejection', hear);
    }
  });
});
