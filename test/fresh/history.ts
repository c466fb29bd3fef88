import { applyChange, type Change } from './world/change.js';
import type { World } from './world/world.js';

/** A transaction that was begun. All times are the checker's, by `performance.now()`. */
export interface Op {
  readonly id: string;
  readonly change: Change;
  /** Before anything was sent of it: nobody can have seen it earlier. */
  readonly sentAtMs: number;
}

/** A commit, in the order of commits. */
export interface Version {
  readonly sentAtMs: number;
  /** Once its commit was known for sure: at this time or before. */
  readonly committedByMs: number;
  readonly world: World;
  /** When PostgreSQL was gone that had it, and had not written it down; null: it has it still. */
  undoneAtMs: number | null;
}

/** What an answer may show. */
export interface Window {
  readonly least: number;
  readonly most: number;
  /** Those that it may show, oldest first. */
  readonly versions: readonly Version[];
}

/** All that was committed, and when, as far as one who asks from outside can know. */
export class History {
  readonly #versions: (Version | undefined)[];
  /** Committed, while one before it isn't known yet. */
  readonly #early = new Map<number, { readonly op: Op; readonly committedByMs: number }>();
  readonly #open = new Set<Op>();
  /** From PostgreSQL's numbers to places here, which go on where PostgreSQL has lost some. */
  #shift = 0;
  #newest: Version;
  #commits = 0;
  #undone = 0;
  #isInDoubt = false;

  constructor(world: World) {
    this.#newest = { sentAtMs: 0, committedByMs: 0, world, undoneAtMs: null };
    this.#versions = [this.#newest];
  }

  /** Committed, of which all is known. */
  get commits(): number {
    return this.#commits;
  }

  /** Of them, those that PostgreSQL has lost in crashes. */
  get undone(): number {
    return this.#undone;
  }

  begin(op: Op): void {
    this.#open.add(op);
  }

  abort(op: Op): void {
    this.#open.delete(op);
  }

  /** The place of the version; `committedByMs` is when its commit was known. */
  commit(op: Op, version: number, committedByMs: number): number {
    this.#open.delete(op);
    const place = version + this.#shift;
    this.#early.set(place, { op, committedByMs });
    for (;;) {
      const next = this.#early.get(this.#versions.length);
      if (next === undefined) return place;
      this.#early.delete(this.#versions.length);
      this.#newest = {
        sentAtMs: next.op.sentAtMs,
        committedByMs: next.committedByMs,
        world: applyChange(this.#newest.world, next.op.change),
        undoneAtMs: null,
      };
      this.#versions.push(this.#newest);
      this.#commits++;
    }
  }

  /** PostgreSQL is going to crash: until `lose` nobody knows what it has kept. */
  doubt(): void {
    this.#isInDoubt = true;
  }

  /** PostgreSQL has crashed, and has all up to `version`. Nothing may be open. */
  lose(version: number, undoneAtMs: number): void {
    this.#isInDoubt = false;
    const kept = version + this.#shift;
    const lost = this.#versions.slice(kept + 1);
    for (const each of lost) {
      if (each !== undefined) each.undoneAtMs ??= undoneAtMs;
    }
    const newest = this.#versions[kept];
    if (newest === undefined || newest.undoneAtMs !== null) throw new Error(`There is no version ${version}`);
    this.#newest = newest;
    this.#shift += this.#versions.length - 1 - kept;
    this.#undone += lost.filter((each) => each?.undoneAtMs === undoneAtMs).length;
  }

  /**
   * What an answer may show that was asked for at `askedAtMs` and there at `answeredAtMs`: nothing that was begun later;
   * nothing older than `floor`, nor than what had been committed `lagMs` before it was asked for. Every time was taken
   * by one clock, on the side that makes the window wider. Null: not all is known yet.
   */
  findWindow(asked: {
    readonly askedAtMs: number;
    readonly answeredAtMs: number;
    readonly floor: number;
    readonly lagMs: number;
  }): Window | null {
    if (this.#isInDoubt) return null;
    for (const op of this.#open) {
      if (op.sentAtMs < asked.answeredAtMs) return null;
    }
    for (const { op } of this.#early.values()) {
      if (op.sentAtMs < asked.answeredAtMs) return null;
    }
    let most = this.#versions.length - 1;
    while (most > 0 && this.#at(most).sentAtMs >= asked.answeredAtMs) most--;
    let least = most;
    const knownMs = asked.askedAtMs - asked.lagMs;
    while (least > 0 && !isSettled(this.#at(least), knownMs)) least--;
    least = Math.max(least, this.#survivorOf(asked.floor));
    const versions: Version[] = [];
    for (let place = least; place <= most; place++) {
      const version = this.#at(place);
      if (version.undoneAtMs === null || version.undoneAtMs > knownMs) versions.push(version);
    }
    return { least, most, versions };
  }

  /** Forgets what nobody will ask of any more. */
  forgetBefore(place: number): void {
    for (let old = place - 1; old > 0 && this.#versions[old] !== undefined; old--)
      this.#versions[old] = undefined;
  }

  #at(place: number): Version {
    const version = this.#versions[place];
    if (version === undefined) throw new RangeError(`Version ${place} is forgotten`);
    return version;
  }

  /** What was lost obliges nobody to anything: what was there before it does. */
  #survivorOf(place: number): number {
    let survivor = Math.min(place, this.#versions.length - 1);
    while (survivor > 0 && this.#versions[survivor]?.undoneAtMs != null) survivor--;
    return survivor;
  }
}

function isSettled({ committedByMs, undoneAtMs }: Version, knownMs: number): boolean {
  return committedByMs <= knownMs && undoneAtMs === null;
}
