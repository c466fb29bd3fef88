import { createHash } from 'node:crypto';
import { BoundedCache } from '../../kernel/bounded-cache.js';

/**
 * Names kept per connection. A prepared statement and its plan take some hundred bytes of the server's memory for each
 * character of its text; callers who write their own queries can make any number of them, of any length.
 */
const MAX_PER_CONNECTION = 200;
const MAX_CHARACTERS_PER_CONNECTION = 250_000;
/** What is longer isn't prepared: it would drive out too many others. */
const MAX_PREPARED_CHARACTERS = 25_000;
const MAX_NAMES = 1_000;
const MAX_NAMED_CHARACTERS = 4_000_000;

/** Whether a statement is worth a name. */
export function isPreparable(text: string): boolean {
  return text.length <= MAX_PREPARED_CHARACTERS;
}

/** Under which name to prepare a statement, and what is prepared on the connection it goes to. */
export interface Preparation {
  readonly name: string;
  readonly prepared: PreparedStatements;
}

/** The statements that are prepared on one connection, the one least recently used first. */
export class PreparedStatements {
  /** Lengths of their texts by name. */
  private readonly lengths = new Map<string, number>();
  private characters = 0;

  constructor(
    private readonly maxStatements = MAX_PER_CONNECTION,
    private readonly maxCharacters = MAX_CHARACTERS_PER_CONNECTION,
  ) {}

  /** Whether the statement is prepared; if so, it is now the one most recently used. */
  use(name: string): boolean {
    const length = this.lengths.get(name);
    if (length === undefined) return false;
    this.lengths.delete(name);
    this.lengths.set(name, length);
    return true;
  }

  /** Notes a statement as prepared. The names given back have to be closed to make room for it. */
  add(name: string, length: number): readonly string[] {
    this.lengths.set(name, length);
    this.characters += length;
    const evicted: string[] = [];
    for (const oldest of this.lengths.keys()) {
      if (this.lengths.size <= this.maxStatements && this.characters <= this.maxCharacters) break;
      this.forget(oldest);
      evicted.push(oldest);
    }
    return evicted;
  }

  /** Notes that it isn't known whether the statement is prepared. */
  forget(name: string): void {
    this.characters -= this.lengths.get(name) ?? 0;
    this.lengths.delete(name);
  }
}

/** Statements' names by their texts: the same text has the same name on every connection and node. */
export class StatementNames {
  /** Cheap to make again, so that what is in use comes back by itself. */
  private readonly names = new BoundedCache<string>({
    maxEntries: MAX_NAMES,
    maxWeight: MAX_NAMED_CHARACTERS,
  });

  /** How many are known at present. */
  get size(): number {
    return this.names.size;
  }

  get(text: string): string {
    let name = this.names.get(text);
    if (name === undefined) {
      name = `sluice_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
      this.names.set(text, name, { weight: text.length, ttlMs: null });
    }
    return name;
  }
}
