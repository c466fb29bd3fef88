import type { Note, World } from './world.js';

export const MOODS = ['CALM', 'PLAYFUL', 'IN_A_HUFF'] as const;
export type Mood = (typeof MOODS)[number];
/** As the database has them. */
export const DB_MOODS: Readonly<Record<Mood, string>> = {
  CALM: 'calm',
  PLAYFUL: 'playful',
  IN_A_HUFF: 'in a huff',
};
/** What all animals belong to. */
export const RANDOM_TAXON = 10;

/** What one transaction does, by values that don't depend on what it finds. */
export type Change =
  | { readonly kind: 'rename'; readonly id: number; readonly name: string }
  | { readonly kind: 'feel'; readonly id: number; readonly mood: Mood }
  | { readonly kind: 'move'; readonly id: number; readonly carer: number }
  | {
      readonly kind: 'come';
      readonly id: number;
      readonly name: string;
      readonly mood: Mood;
      readonly carer: number;
    }
  /** What it is fed goes with it. */
  | { readonly kind: 'go'; readonly id: number }
  | { readonly kind: 'feed'; readonly id: number; readonly food: string }
  /** A food is there no longer for a moment, and so all that was fed of it. */
  | { readonly kind: 'spoil'; readonly food: string }
  | { readonly kind: 'note'; readonly id: string; readonly keeper: number; readonly text: string }
  | { readonly kind: 'call'; readonly keeper: number; readonly name: string }
  | { readonly kind: 'feelAll'; readonly carer: number; readonly mood: Mood }
  /** More rows than are told one by one. */
  | { readonly kind: 'feelEveryone'; readonly mood: Mood }
  /** TRUNCATE of all that is fed. */
  | { readonly kind: 'fast' };

/** What only SQL can do here, as no client of the API has a way to. */
export const SQL_ONLY: ReadonlySet<Change['kind']> = new Set(['feed', 'spoil', 'feelEveryone', 'fast']);

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The change as SQL, in order. */
export function sqlOf(change: Change): readonly string[] {
  switch (change.kind) {
    case 'rename':
      return [`UPDATE zoo.animals SET name = ${quote(change.name)} WHERE id = ${change.id}`];
    case 'feel':
      return [`UPDATE zoo.animals SET mood = ${quote(DB_MOODS[change.mood])} WHERE id = ${change.id}`];
    case 'move':
      return [`UPDATE zoo.animals SET carer_id = ${change.carer} WHERE id = ${change.id}`];
    case 'come':
      return [
        `INSERT INTO zoo.animals (id, name, mood, carer_id, taxon_id) VALUES
           (${change.id}, ${quote(change.name)}, ${quote(DB_MOODS[change.mood])}, ${change.carer}, ${RANDOM_TAXON})`,
      ];
    case 'go':
      return [`DELETE FROM zoo.animals WHERE id = ${change.id}`];
    case 'feed':
      return [
        `INSERT INTO zoo.feedings (animal_id, food_name, grams)
           SELECT id, ${quote(change.food)}, 1 FROM zoo.animals WHERE id = ${change.id} ON CONFLICT DO NOTHING`,
      ];
    case 'spoil':
      return [
        `DELETE FROM zoo.foods WHERE name = ${quote(change.food)}`,
        `INSERT INTO zoo.foods (name) VALUES (${quote(change.food)})`,
      ];
    case 'note':
      return [`UPDATE records.notes SET text = ${quote(change.text)} WHERE id = ${quote(change.id)}`];
    case 'call':
      return [`UPDATE zoo.keepers SET name = ${quote(change.name)} WHERE id = ${change.keeper}`];
    case 'feelAll':
      return [
        `UPDATE zoo.animals SET mood = ${quote(DB_MOODS[change.mood])} WHERE carer_id = ${change.carer}`,
      ];
    case 'feelEveryone':
      return [`UPDATE zoo.animals SET mood = ${quote(DB_MOODS[change.mood])}`];
    case 'fast':
      return ['TRUNCATE zoo.feedings'];
  }
}

/** The world after the change. The one before stays as it is. */
export function applyChange(world: World, change: Change): World {
  switch (change.kind) {
    case 'rename':
      return updateAnimal(world, change.id, { name: change.name });
    case 'feel':
      return updateAnimal(world, change.id, { mood: change.mood });
    case 'move':
      return updateAnimal(world, change.id, { carer: change.carer });
    case 'come': {
      const { kind, ...animal } = change;
      return { ...world, animals: new Map(world.animals).set(change.id, animal) };
    }
    case 'go':
      return {
        ...world,
        animals: without(world.animals, (_, id) => id === change.id),
        feedings: without(world.feedings, (_, id) => id === change.id),
      };
    case 'feed': {
      if (!world.animals.has(change.id)) return world;
      const foods = new Set(world.feedings.get(change.id)).add(change.food);
      return { ...world, feedings: new Map(world.feedings).set(change.id, foods) };
    }
    case 'spoil':
      return {
        ...world,
        feedings: new Map(
          [...world.feedings].map(([id, foods]) => [
            id,
            new Set([...foods].filter((food) => food !== change.food)),
          ]),
        ),
      };
    case 'note': {
      const note: Note = { keeper: change.keeper, text: change.text };
      return { ...world, notes: new Map(world.notes).set(change.id, note) };
    }
    case 'call':
      return { ...world, keepers: new Map(world.keepers).set(change.keeper, change.name) };
    case 'feelAll':
    case 'feelEveryone':
      return {
        ...world,
        animals: new Map(
          [...world.animals].map(([id, animal]) => [
            id,
            change.kind === 'feelEveryone' || animal.carer === change.carer
              ? { ...animal, mood: change.mood }
              : animal,
          ]),
        ),
      };
    case 'fast':
      return { ...world, feedings: new Map() };
  }
}

function updateAnimal(
  world: World,
  id: number,
  change: { readonly name?: string; readonly mood?: Mood; readonly carer?: number },
): World {
  const animal = world.animals.get(id);
  if (animal === undefined) return world;
  return { ...world, animals: new Map(world.animals).set(id, { ...animal, ...change }) };
}

function without<Key, Value>(
  map: ReadonlyMap<Key, Value>,
  isGone: (value: Value, key: Key) => boolean,
): Map<Key, Value> {
  return new Map([...map].filter(([key, value]) => !isGone(value, key)));
}
