import { type BoundApi, bindApi } from '../../../src/binding/bind-schema.js';
import { ANONYMOUS, type Viewer } from '../../../src/identity/viewer.js';
import { domainGraph } from '../../domain/domain-graph.js';
import { DRIVERS } from '../agreement/drivers.js';
import { createZooApi, type ZooApi } from '../zoo-api.js';
import { LIMITS } from '../zoo-schema.js';
import { signedIn } from './protected-zoo.js';

const SDL = `
type Query {
  animal(id: BigInt!): Animal
  animals(filter: AnimalFilter): [Animal!]!
  foods: [Food!]!
  foodCount: Int! @model(name: "Food")
  events: [Event!]!
  births: [Birth!]!
  notes: [Note!]!
  myNotes: [Note!]! @owner(path: "keeperId")
  myAnimal(id: BigInt!): Animal @owner(path: "carerId")
  picked: [Passport]!
  complete: Passport
  loads: [EnclosureLoad]!
}
type Animal {
  name: String!
  foods: [Food!]!
  foodsCount: Int!
  notes: [Note!]! @owner(path: "keeperId")
  notesCount: Int!
  passport: Passport
  vetted: Passport @relation(name: "passport") @owner(path: "animal.vetId")
  feedingsCount: Int!
}
"Through a relation that leads to many."
type Food @owner(path: "animals.carerId") { name: String! }
type Note { text: String! about: Subject }
union Subject = Animal | Keeper
type Keeper @owner(path: "id") { name: String! }
type Passport @owner(path: "animal.carerId") { number: String! country: String! }
type Feeding @owner(path: "animal.carerId") { grams: Int! }
type EnclosureLoad @owner(path: "zone") { residents: BigInt }
interface Event @model(name: "Event") { at: DateTime! }
type Birth implements Event @model(name: "Event", where: { kind: "BIRTH" }) @owner(path: "animal.carerId") {
  at: DateTime!
  grams: Int
}
type Illness implements Event @model(name: "Event", where: { kind: "ILLNESS" }) { at: DateTime! diagnosis: String }
type Other implements Event @model(name: "Event") { at: DateTime! }
input AnimalFilter { foods: FoodsFilter notes: NotesFilter feedings: FeedingsFilter passport: PassportIs }
input FoodsFilter { some: FoodFilter none: FoodFilter }
input FoodFilter { name: StringFilter }
input NotesFilter { some: NoteFilter none: NoteFilter }
input NoteFilter { text: StringFilter }
input FeedingsFilter { some: FeedingFilter }
input FeedingFilter { grams: IntFilter }
input PassportIs { is: PassportFilter }
input PassportFilter { country: StringFilter }`;

async function bindOwners(): Promise<BoundApi> {
  return bindApi({
    sdl: [{ path: 'owners.graphql', text: SDL }],
    graph: await domainGraph(),
    resolvers: {
      Query: {
        picked: () => [
          { number: 'P-1' },
          { number: 'P-6', country: 'A', animalId: '6' },
          { country: 'A' },
          null,
        ],
        complete: () => ({ number: 'P-6', country: 'XX', __typename: 'Passport' }),
        loads: () => [{ zone: 'North', number: 1 }],
      },
      Note: { about: () => ({ __typename: 'Keeper', id: 1 }) },
    },
    limits: { ...LIMITS, maxPageRows: 50 },
  });
}

const KEEPERS: Readonly<Record<string, Viewer>> = {
  1: signedIn('1', 'authenticated'),
  2: signedIn('2', 'premium'),
  3: signedIn('3', 'authenticated'),
};
const STAFF = signedIn('till', 'staff');

describe.each(DRIVERS)('rows that belong to somebody, over %s', (driver) => {
  let zoo: ZooApi;

  beforeAll(async () => {
    zoo = await createZooApi(driver, bindOwners);
  });

  afterAll(() => zoo.close());

  /** What each keeper, staff and nobody sees. */
  async function seenBy(query: string, read: (data: any) => unknown): Promise<unknown[]> {
    const seen: unknown[] = [];
    for (const viewer of [KEEPERS[1]!, KEEPERS[2]!, KEEPERS[3]!, STAFF, ANONYMOUS])
      seen.push(read(await zoo.data(query, {}, viewer)));
    return seen;
  }

  it('are found through relations that lead to many', async () => {
    const counts = await seenBy('{ foods { name } foodCount }', ({ foods, foodCount }) => [
      foods.length,
      foodCount,
    ]);
    expect(counts).toEqual([
      [6, 6],
      [2, 2],
      [1, 1],
      [7, 7],
      [0, 0],
    ]);
    const ofLeo = await seenBy('{ animal(id: 1) { foods { name } foodsCount } }', ({ animal }) => animal);
    expect(ofLeo).toEqual([
      { foods: [{ name: 'meat' }], foodsCount: 1 },
      { foods: [{ name: 'meat' }], foodsCount: 1 },
      { foods: [], foodsCount: 0 },
      { foods: [{ name: 'meat' }], foodsCount: 1 },
      { foods: [], foodsCount: 0 },
    ]);
  });

  it('are all that filters know of', async () => {
    const names = ({ animals }: any) => animals.map(({ name }: any) => name).join();
    expect(await seenBy('{ animals(filter: { foods: { some: {} } }) { name } }', names)).toEqual([
      'Leo,Leonie,Shere,Ísbjörn,Pingu,Odd',
      'Leo,Leonie,Shere,Ísbjörn,Odd',
      'Leonie,Ísbjörn,Pingu',
      'Leo,Leonie,Shere,Ísbjörn,Pingu,Odd',
      '',
    ]);
    // Of a to-one relation: who may not see the passport is told that there is none.
    const withPassport = await seenBy('{ animals(filter: { passport: { is: {} } }) { name } }', names);
    expect(withPassport).toEqual(['Leo,Leonie,Ísbjörn', 'Odd', 'Pingu', 'Leo,Leonie,Ísbjörn,Pingu,Odd', '']);
    const without = await seenBy(
      '{ animals(filter: { passport: { is: null } }) { name } }',
      ({ animals }) => animals.length,
    );
    expect(without).toEqual([12, 14, 14, 10, 15]);
  });

  it('are counted where no field says of which type they are', async () => {
    const counted = await seenBy('{ animal(id: 6) { feedingsCount } }', ({ animal }) => animal.feedingsCount);
    expect(counted).toEqual([0, 0, 2, 2, 0]);
    const fed = await seenBy(
      '{ animals(filter: { feedings: { some: {} } }) { name } }',
      ({ animals }) => animals.length,
    );
    expect(fed).toEqual([3, 3, 2, 8, 0]);
  });

  it('are null at the other end of a relation that leads to one, without an error', async () => {
    const passports = await seenBy(
      '{ animal(id: 1) { passport { number } } }',
      ({ animal }) => animal.passport?.number,
    );
    expect(passports).toEqual(['P-1', undefined, undefined, 'P-1', undefined]);
  });

  it('may be those of one field alone', async () => {
    const texts = ({ myNotes, notes }: any) => [myNotes.map(({ text }: any) => text).join(), notes.length];
    expect(await seenBy('{ myNotes { text } notes { text } }', texts)).toEqual([
      ['On leave', 5],
      ['', 5],
      ['', 5],
      ['Eats well,Eats well,On leave,Fence broken,Two\nlines', 5],
      ['', 5],
    ]);
    const mine = await seenBy(
      '{ myAnimal(id: 3) { name } animal(id: 3) { name } }',
      ({ myAnimal, animal }) => [myAnimal?.name, animal.name],
    );
    expect(mine).toEqual([
      [undefined, 'Shere'],
      ['Shere', 'Shere'],
      [undefined, 'Shere'],
      ['Shere', 'Shere'],
      [undefined, 'Shere'],
    ]);
    // The field's owner beside the type's: both hold.
    const vetted = await seenBy(
      '{ animal(id: 1) { vetted { number } } }',
      ({ animal }) => animal.vetted?.number,
    );
    expect(vetted).toEqual([undefined, undefined, undefined, 'P-1', undefined]);
    const counts = await seenBy('{ animal(id: 1) { notes { text } notesCount } }', ({ animal }) => [
      animal.notes.length,
      animal.notesCount,
    ]);
    expect(counts).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
      [1, 1],
      [0, 0],
    ]);
  });

  it("are missing among those of an abstract type, whose others are everyone's", async () => {
    const kinds = ({ events, births }: any) => [
      events
        .map(({ __typename }: any) => __typename[0])
        .sort()
        .join(''),
      births.length,
    ];
    expect(await seenBy('{ events { __typename at } births { grams } }', kinds)).toEqual([
      ['BBIIIOO', 2],
      ['IIIOO', 0],
      ['IIIOO', 0],
      ['BBIIIOO', 2],
      ['IIIOO', 0],
    ]);
  });

  it('are missing among the rest, which a member without a condition stands for', async () => {
    const sdl = `
      type Query { events: [Event!]! }
      interface Event @model(name: "Event") { at: DateTime! }
      type Birth implements Event @model(name: "Event", where: { kind: "BIRTH" }) { at: DateTime! }
      type Rest implements Event @model(name: "Event") @owner(path: "animal.carerId") { at: DateTime! }`;
    const graph = await domainGraph();
    const rest = await createZooApi(driver, async () =>
      bindApi({ sdl: [{ path: 'rest.graphql', text: sdl }], graph, limits: LIMITS }),
    );
    try {
      const counts: number[] = [];
      for (const viewer of [KEEPERS[1]!, KEEPERS[2]!, KEEPERS[3]!, STAFF, ANONYMOUS])
        counts.push((await rest.data('{ events { __typename at } }', {}, viewer)).events.length);
      expect(counts).toEqual([6, 3, 2, 7, 2]);
    } finally {
      await rest.close();
    }
  });

  it('are what hand-written code may show of them, too', async () => {
    const numbers = ({ picked, complete, loads }: any) => [
      picked.map((item: any) => item?.number ?? '-').join(' '),
      complete?.country,
      loads.length,
    ];
    expect(
      await seenBy('{ picked { number } complete { number country } loads { residents } }', numbers),
    ).toEqual([
      ['P-1 - - -', undefined, 1],
      ['- - - -', undefined, 1],
      ['- P-6 - -', 'A ', 1],
      ['P-1 P-6 - -', 'A ', 1],
      ['- - - -', undefined, 1],
    ]);
    const about = await seenBy(
      '{ notes { about { ... on Keeper { name } } } }',
      ({ notes }) => notes[0].about?.name,
    );
    expect(about).toEqual(['Ada', undefined, undefined, 'Ada', undefined]);
  });
});
