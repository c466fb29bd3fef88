import type { Column, Model } from '../../model/model-graph.js';
import type { Condition } from '../condition.js';
import type { Key } from '../row.js';
import { toKeyText } from './key-text.js';
import { getColumn } from './model-parts.js';

/** Keys in one statement: a statement has at most 32,767 parameters, and a key may have several columns. */
const KEYS_PER_STATEMENT = 4_000;

/** Rows whose columns have the values of one of the keys; a key with null matches none, as in SQL. */
export function keysCondition(columns: readonly string[], keys: readonly Key[]): Condition {
  const complete = keys.filter((key) => !key.includes(null));
  const [column] = columns;
  if (columns.length === 1 && column !== undefined) {
    return { kind: 'in', column, values: complete.map(([value = null]) => value), negated: false };
  }
  return {
    kind: 'any',
    of: complete.map((key) => ({
      kind: 'all',
      of: columns.map((name, index) => ({
        kind: 'compare',
        column: name,
        op: 'eq',
        value: key[index] ?? null,
      })),
    })),
  };
}

export function* inChunks(keys: readonly Key[]): Generator<readonly Key[]> {
  for (let start = 0; start < keys.length; start += KEYS_PER_STATEMENT) {
    yield keys.slice(start, start + KEYS_PER_STATEMENT);
  }
}

/** Things by key, found again however PostgreSQL or a caller writes the key's values. */
export class KeyIndex<Thing> {
  readonly #columns: readonly Column[];
  readonly #things = new Map<string, Thing>();

  constructor(model: Model, columns: readonly string[]) {
    this.#columns = columns.map((name) => getColumn(model, name));
  }

  set(key: Key, thing: Thing): void {
    this.#things.set(toKeyText(this.#columns, key), thing);
  }

  get(key: Key): Thing | undefined {
    return this.#things.get(toKeyText(this.#columns, key));
  }
}
