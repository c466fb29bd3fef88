import type { Random } from '../binding/agreement/random.js';
import { type Change, DB_MOODS, MOODS, type Mood } from './world/change.js';
import { ANIMALS, type Animal, HUFF, KEEPERS, type World } from './world/world.js';

export interface GraphQLAnswer {
  readonly data?: any;
  readonly errors?: readonly { readonly message: string; readonly path?: readonly unknown[] }[];
}

/** Something to ask, and by a naive reference what to expect. */
export interface Read {
  readonly kind: string;
  /** The same for reads of which the same is expected. */
  readonly key: string;
  readonly query: string;
  /** The keeper who asks; null: somebody. */
  readonly viewer: number | null;
  /** What each statement behind the answer has found: an answer is no one snapshot. */
  show(answer: GraphQLAnswer): readonly unknown[];
  /** The same at one version. Null: it shows what was never committed, each time something else. */
  readonly expect: ((world: World) => readonly unknown[]) | null;
}

/** Read most often: among them the first and the last, of which a bulk change tells in other ways. */
const HOT = [1, 2, 3, 4, 5, ANIMALS - 3, ANIMALS - 1, ANIMALS];
const PAGE = 5;

/** Whatever may be asked again and again. */
export const READS: readonly Read[] = [
  ...HOT.map(byKey),
  ...HOT.map(slowly),
  ...HOT.map(moody),
  ...MOODS.flatMap((mood) => [list(mood), page(mood), count(mood), roster(mood), brief(mood), counted(mood)]),
  ...range(KEEPERS).flatMap((keeper) => [
    ...[nested(keeper), among(keeper), ofKeeperNamed(keeper), several(keeper)],
    ...[notes(keeper), diary(keeper), whoAmI(keeper)],
  ]),
  everything(),
  rehearsal(1),
];

/** The page after one that was answered; `after` is the cursor, `name` that of the animal that it stands on. */
export function nextPage(mood: Mood, after: string, name: string): Read {
  return connection('next page', mood, `, after: "${after}"`, (animal) => animal.name > name);
}

export function pickRead(random: Random, next: readonly Read[]): Read {
  return next.length > 0 && random.chance(0.03) ? random.pick(next) : random.pick(READS);
}

/** What shows the change, if anything does. */
export function readsAbout(change: Change): readonly Read[] {
  switch (change.kind) {
    case 'note':
      return [notes(change.keeper), diary(change.keeper)];
    case 'call':
      return [nested(change.keeper), several(change.keeper)];
    case 'feelAll':
      return [page(change.mood), nested(change.carer)];
    case 'feel':
      return [byKey(change.id), list(change.mood), moody(change.id)];
    case 'rename':
    case 'come':
    case 'go':
    case 'move':
      return [byKey(change.id), slowly(change.id)];
    default:
      return [];
  }
}

function byKey(id: number): Read {
  return read('by key', `animal(id: ${id}) { id name mood carer { name } feedingCount }`, (world) => {
    const animal = world.animals.get(id);
    return animal === undefined
      ? null
      : {
          ...{ id: String(id), name: animal.name, mood: animal.mood },
          carer: { name: world.keepers.get(animal.carer) },
          feedingCount: countFeedings(world, id),
        };
  });
}

function list(mood: Mood): Read {
  return read(
    'list',
    `animalList(filter: { mood: { eq: ${mood} } }, orderBy: [{ field: NAME }], first: 10) { id name }`,
    (world) => ofMood(world, mood).sort(byName).slice(0, 10).map(idAndName),
  );
}

function page(mood: Mood): Read {
  return connection('page', mood, '', () => true);
}

function connection(kind: string, mood: Mood, after: string, isBeyond: (animal: Animal) => boolean): Read {
  const args = `filter: { mood: { eq: ${mood} } }, orderBy: [{ field: NAME }], first: ${PAGE}${after}`;
  const query = `{ animals(${args}) { nodes { id name } totalCount pageInfo { endCursor } } }`;
  return {
    ...{ kind, key: query, query, viewer: null },
    show: ({ data }) => [data.animals.nodes, data.animals.totalCount],
    expect: (world) => {
      const all = ofMood(world, mood).sort(byName);
      return [all.filter(isBeyond).slice(0, PAGE).map(idAndName), all.length];
    },
  };
}

function count(mood: Mood): Read {
  return read(
    'count',
    `animalCount(filter: { mood: { eq: ${mood} } })`,
    (world) => ofMood(world, mood).length,
  );
}

function nested(keeper: number): Read {
  const caresFor = 'caresFor(orderBy: [{ field: NAME }], first: 6) { name mood feedingCount }';
  return read('nested', `keeper(id: ${keeper}) { id name ${caresFor} }`, (world) => ({
    id: keeper,
    name: world.keepers.get(keeper),
    caresFor: [...world.animals.values()]
      .filter(({ carer }) => carer === keeper)
      .sort(byName)
      .slice(0, 6)
      .map(({ id, name, mood }) => ({ name, mood, feedingCount: countFeedings(world, id) })),
  }));
}

function among(keeper: number): Read {
  const either = `or: [{ carerId: { eq: ${keeper} } }, { mood: { eq: PLAYFUL } }]`;
  const filter = `{ ${either}, not: { name: { startsWith: "animal 1" } } }`;
  return read(
    'filter',
    `animalCount(filter: ${filter})`,
    (world) =>
      [...world.animals.values()].filter(
        ({ carer, mood, name }) => (carer === keeper || mood === 'PLAYFUL') && !name.startsWith('animal 1'),
      ).length,
  );
}

function ofKeeperNamed(keeper: number): Read {
  const name = `keeper ${keeper}`;
  return read(
    'relation filter',
    `animalCount(filter: { carer: { is: { name: { eq: "${name}" } } } })`,
    (world) => [...world.animals.values()].filter(({ carer }) => world.keepers.get(carer) === name).length,
  );
}

function several(keeper: number): Read {
  const query = `{ keeper(id: ${keeper}) { name } animalCount animal(id: ${keeper}) { mood } }`;
  return {
    ...{ kind: 'several fields', key: query, query, viewer: null },
    show: ({ data }) => [data.keeper, data.animalCount, data.animal],
    expect: (world) => {
      const animal = world.animals.get(keeper);
      return [
        { name: world.keepers.get(keeper) },
        world.animals.size,
        animal === undefined ? null : { mood: animal.mood },
      ];
    },
  };
}

function notes(keeper: number): Read {
  const own = read('private type', 'notes { id text }', (world) => notesOf(world, keeper));
  return { ...ofViewer(own, keeper), show: ({ data }) => [[...data.notes].sort(byId)] };
}

function diary(keeper: number): Read {
  const texts = (world: World) => notesOf(world, keeper).map(({ text }) => text);
  return ofViewer(
    read('private field', 'diary', (world) => texts(world).sort()),
    keeper,
  );
}

function whoAmI(keeper: number): Read {
  return ofViewer(
    read('undeclared viewer', 'whoAmI', () => `keeper ${keeper}`),
    keeper,
  );
}

function roster(mood: Mood): Read {
  return read('resolver', `roster(mood: ${mood})`, (world) =>
    ofMood(world, mood)
      .sort((a, b) => a.id - b.id)
      .map(({ name }) => name),
  );
}

function slowly(id: number): Read {
  return read('slow resolver', `slowName(id: ${id})`, (world) => world.animals.get(id)?.name ?? null);
}

function moody(id: number): Read {
  const plain = read('failing resolver', `moody(id: ${id})`, (world) => {
    const animal = world.animals.get(id);
    return animal?.mood === 'IN_A_HUFF' ? 'failed' : (animal?.name ?? null);
  });
  return { ...plain, show: (answer) => (isHuff(answer) ? ['failed'] : plain.show(answer)) };
}

function brief(mood: Mood): Read {
  return read('brief life', `brief(mood: ${mood})`, (world) => ofMood(world, mood).length);
}

function counted(mood: Mood): Read {
  return read('raw SQL', `counted(mood: "${DB_MOODS[mood]}")`, (world) => ofMood(world, mood).length);
}

function everything(): Read {
  return read('all', 'animalList(orderBy: [{ field: NAME }], first: 200) { id name mood }', (world) =>
    [...world.animals.values()].sort(byName).map(({ mood, ...animal }) => ({ ...idAndName(animal), mood })),
  );
}

function rehearsal(id: number): Read {
  return { ...read('rehearsal', `rehearsal(id: ${id})`, () => null), expect: null };
}

/** The one error that is an answer. */
export function isHuff({ errors }: GraphQLAnswer): boolean {
  return errors?.length === 1 && errors[0]?.message === HUFF;
}

/** Of one field at the top. */
function read(kind: string, field: string, expect: (world: World) => unknown): Read {
  const name = /^\w+/.exec(field)?.[0] ?? '';
  return {
    ...{ kind, key: field, query: `{ ${field} }`, viewer: null },
    show: ({ data }) => [data[name]],
    expect: (world) => [expect(world)],
  };
}

function ofViewer(of: Read, viewer: number): Read {
  return { ...of, key: `${viewer} ${of.key}`, viewer };
}

function ofMood(world: World, mood: Mood): Animal[] {
  return [...world.animals.values()].filter((animal) => animal.mood === mood);
}

function notesOf(world: World, keeper: number): { readonly id: string; readonly text: string }[] {
  return [...world.notes]
    .filter(([, note]) => note.keeper === keeper)
    .map(([id, { text }]) => ({ id, text }))
    .sort(byId);
}

function countFeedings(world: World, id: number): number {
  return world.feedings.get(id)?.size ?? 0;
}

function idAndName({ id, name }: Pick<Animal, 'id' | 'name'>) {
  // A BigInt is text.
  return { id: String(id), name };
}

/** As PostgreSQL does by bytes: names are ASCII, and no two are the same. */
function byName(a: Animal, b: Animal): number {
  return a.name < b.name ? -1 : 1;
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1;
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n + 1);
}
