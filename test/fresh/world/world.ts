import { MOODS, type Mood } from './change.js';

export interface Animal {
  readonly id: number;
  readonly name: string;
  readonly mood: Mood;
  readonly carer: number;
}

export interface Note {
  readonly keeper: number;
  readonly text: string;
}

/** All rows at one version. Never changed: a change makes another world. */
export interface World {
  readonly animals: ReadonlyMap<number, Animal>;
  readonly keepers: ReadonlyMap<number, string>;
  /** What each animal is fed. */
  readonly feedings: ReadonlyMap<number, ReadonlySet<string>>;
  readonly notes: ReadonlyMap<string, Note>;
}

/** More than are told one by one, should all of them change at once. */
export const ANIMALS = 110;
export const KEEPERS = 6;
export const FOODS = ['hay', 'meat', 'fish'] as const;
/** What an animal says that is in one. */
export const HUFF = 'in a huff';
/** Each keeper's. */
const NOTES = 2;

/** What the database is filled with. */
export function createWorld(): World {
  const animals = Array.from({ length: ANIMALS }, (_, n): Animal => {
    const mood = MOODS[n % MOODS.length] ?? 'CALM';
    return { id: n + 1, name: `animal ${n + 1}`, mood, carer: (n % KEEPERS) + 1 };
  });
  const keepers = Array.from({ length: KEEPERS }, (_, n) => [n + 1, `keeper ${n + 1}`] as const);
  const notes = keepers.flatMap(([keeper]) =>
    Array.from({ length: NOTES }, (_, n) => {
      return [noteId(keeper, n), { keeper, text: noteText(keeper, `${n}`) }] as const;
    }),
  );
  return {
    animals: new Map(animals.map((animal) => [animal.id, animal])),
    keepers: new Map(keepers),
    feedings: new Map(animals.map(({ id }) => [id, new Set([FOODS[0]])])),
    notes: new Map(notes),
  };
}

/** Begins with whose it is, so that a note shows in whatever answer it gets into. */
export function noteText(keeper: number, rest: string): string {
  return `of ${keeper}: ${rest}`;
}

function noteId(keeper: number, n: number): string {
  return `00000000-0000-4000-8000-00000000${keeper}00${n}`;
}
