/** How a window stands at one moment. */
export interface WindowReading {
  /** Units that count. */
  readonly used: number;
  /** When the oldest of them was stamped. */
  readonly oldestMs: number;
}

const EMPTY: WindowReading = { used: 0, oldestMs: 0 };

/**
 * The grants of one budget: ascending stamps, each with the sum of all units up to it. A grant counts while its stamp
 * is younger than the window. Times never go back. The script in Redis does the same on bytes.
 */
export class SlidingWindow {
  #stamps: number[] = [];
  #sums: number[] = [];
  /** Sum of what has left. */
  #base = 0;
  /** When a violation of its rule was last counted; -Infinity: never. */
  violatedAtMs = Number.NEGATIVE_INFINITY;

  read(nowMs: number, windowMs: number): WindowReading {
    const from = this.#findCounting(nowMs, windowMs);
    const oldestMs = this.#stamps[from];
    if (oldestMs === undefined) return EMPTY;
    return { used: this.#lastSum - this.#sumBefore(from), oldestMs };
  }

  /** The stamp of the grant with whose leaving at least `units` of what counts have left. */
  findFreeing(units: number, nowMs: number, windowMs: number): number {
    const gone = this.#sumBefore(this.#findCounting(nowMs, windowMs));
    const at = this.#findFirst((_, sum) => sum - gone >= units);
    return this.#stamps[at] ?? nowMs;
  }

  /** Adds a grant, and lets go of what has left. `stampMs` is not below any that is there. */
  add(units: number, stampMs: number, windowMs: number, nowMs: number): void {
    const from = this.#findCounting(nowMs, windowMs);
    const sum = this.#lastSum + units;
    if (from > 0) {
      this.#base = this.#sumBefore(from);
      this.#stamps.splice(0, from);
      this.#sums.splice(0, from);
    }
    if (this.#stamps.at(-1) === stampMs) this.#sums[this.#sums.length - 1] = sum;
    else {
      this.#stamps.push(stampMs);
      this.#sums.push(sum);
    }
  }

  clear(): void {
    this.#stamps = [];
    this.#sums = [];
    this.#base = 0;
  }

  get #lastSum(): number {
    return this.#sums.at(-1) ?? this.#base;
  }

  #sumBefore(index: number): number {
    return this.#sums[index - 1] ?? this.#base;
  }

  /** Of the oldest stamp that counts. */
  #findCounting(nowMs: number, windowMs: number): number {
    const [first] = this.#stamps;
    // Mostly none has left since the last charge.
    if (first === undefined || first + windowMs > nowMs) return 0;
    return this.#findFirst((stamp) => stamp + windowMs > nowMs);
  }

  /** By halving: what `isIt` says goes from false to true once at most. */
  #findFirst(isIt: (stamp: number, sum: number) => boolean): number {
    let low = 0;
    let high = this.#stamps.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isIt(this.#stamps[middle] ?? 0, this.#sums[middle] ?? 0)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
