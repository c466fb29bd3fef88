import { SlidingWindow } from '../windows/sliding-window.js';

/** What is remembered of one caller. */
export interface Account {
  readonly windows: Map<string, SlidingWindow>;
  readonly violations: SlidingWindow;
  /** From when on nothing in it counts any more. */
  endMs: number;
  /** When it was last put behind all others. */
  movedAtMs: number;
}

/**
 * Accounts by key, as many as there may be. Beyond that the one that was charged least recently is forgotten, and its
 * caller begins anew: whoever can ask under so many keys gains nothing by that which more keys wouldn't bring, while a
 * refusal of new keys would let them shut out everybody else.
 */
export class MemoryAccounts {
  // In the order of their last charge, to the second.
  readonly #accounts = new Map<string, Account>();
  // Goes on where it was, also behind what was added or removed meanwhile.
  #round = this.#accounts.entries();
  readonly #maxKeys: number;
  readonly #onEvicted: () => void;

  constructor(options: { readonly maxKeys: number; readonly onEvicted: () => void }) {
    this.#maxKeys = options.maxKeys;
    this.#onEvicted = options.onEvicted;
  }

  get size(): number {
    return this.#accounts.size;
  }

  find(key: string, nowMs: number): Account | undefined {
    const account = this.#accounts.get(key);
    return account === undefined || account.endMs <= nowMs ? undefined : account;
  }

  /** The account, made where there is none, to be kept for `lifeMs` from now on at least. */
  touch(key: string, nowMs: number, lifeMs: number): Account {
    const account = this.find(key, nowMs) ?? {
      windows: new Map(),
      violations: new SlidingWindow(),
      endMs: 0,
      movedAtMs: Number.NEGATIVE_INFINITY,
    };
    account.endMs = Math.max(account.endMs, nowMs + lifeMs);
    // A map that is rewritten at each charge costs as much as the charge.
    if (nowMs - account.movedAtMs >= MOVE_EVERY_MS) {
      account.movedAtMs = nowMs;
      this.#accounts.delete(key);
      this.#accounts.set(key, account);
    }
    this.#letGo(nowMs);
    return account;
  }

  #letGo(nowMs: number): void {
    for (const key of this.#accounts.keys()) {
      if (this.#accounts.size <= this.#maxKeys) break;
      this.#accounts.delete(key);
      this.#onEvicted();
    }
    // A few at each charge, round and round: nobody has to go through all of them at once.
    for (let looked = 0; looked < LOOKS_PER_CHARGE; looked++) {
      const next = this.#round.next();
      if (next.done) this.#round = this.#accounts.entries();
      else if (next.value[1].endMs <= nowMs) this.#accounts.delete(next.value[0]);
    }
  }
}

const MOVE_EVERY_MS = 1_000;
/** More than one, so that fewer come than leave. */
const LOOKS_PER_CHARGE = 2;
