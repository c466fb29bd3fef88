/** Somebody who waits to be let in. */
export interface Waiter {
  readonly caller: string;
  /** The tier's place among all: the higher, the more trusted. */
  readonly rank: number;
  /** Operations that come in together. */
  readonly operations: number;
}

/**
 * Those who wait, in order of arrival. The most trusted go first; among equals whoever has the least in flight, and then
 * whoever came first. It is short, so that looking through it costs nothing worth sparing.
 */
export class WaitingLine<Item extends Waiter> {
  readonly #waiters: Item[] = [];

  constructor(private readonly maxLength: number) {}

  get length(): number {
    return this.#waiters.length;
  }

  /**
   * Takes somebody in. Where the line is full that is at the cost of whoever is to give way, or not at all: then the
   * newcomer itself is returned. Null: nobody had to give way.
   */
  add(newcomer: Item): Item | null {
    if (this.#waiters.length < this.maxLength) {
      this.#waiters.push(newcomer);
      return null;
    }
    const victim = this.#findVictim(newcomer);
    if (victim === null) return newcomer;
    this.remove(victim);
    this.#waiters.push(newcomer);
    return victim;
  }

  /** Whoever is next among those who may come in now; null where nobody may. `inFlightOf` tells what a caller has. */
  findNext(mayEnter: (waiter: Item) => boolean, inFlightOf: (caller: string) => number): Item | null {
    let next: Item | null = null;
    for (const waiter of this.#waiters) {
      if (next !== null && !goesBefore(waiter, next, inFlightOf)) continue;
      if (mayEnter(waiter)) next = waiter;
    }
    return next;
  }

  /** Whether it was there. */
  remove(waiter: Item): boolean {
    const at = this.#waiters.indexOf(waiter);
    if (at === -1) return false;
    this.#waiters.splice(at, 1);
    return true;
  }

  /** The last of those of least trust, and among these of the caller of whom most wait, so that no one fills the line. */
  #findVictim(newcomer: Item): Item | null {
    const lowest = Math.min(...this.#waiters.map(({ rank }) => rank));
    if (lowest > newcomer.rank) return null;
    let victim: Item | null = null;
    let most = 0;
    for (const waiter of this.#waiters) {
      if (waiter.rank !== lowest) continue;
      const waiting = this.#countOf(waiter.caller);
      if (waiting < most) continue;
      most = waiting;
      victim = waiter;
    }
    const isFair = lowest < newcomer.rank || most > this.#countOf(newcomer.caller) + 1;
    return isFair ? victim : null;
  }

  #countOf(caller: string): number {
    let count = 0;
    for (const waiter of this.#waiters) if (waiter.caller === caller) count += 1;
    return count;
  }
}

function goesBefore(one: Waiter, other: Waiter, inFlightOf: (caller: string) => number): boolean {
  if (one.rank !== other.rank) return one.rank > other.rank;
  return inFlightOf(one.caller) < inFlightOf(other.caller);
}
