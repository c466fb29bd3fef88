/**
 * Picks one in so many hits, to be computed again and compared. Where hits are too quick to be checked, they only ask
 * whether one is due, and leave the next to those who can.
 */
export class CheckSampler {
  readonly #oneIn: number;
  #hits = 0;
  #isChecking = false;

  /** @param oneIn 0: none is picked */
  constructor(oneIn: number) {
    this.#oneIn = oneIn;
  }

  /** Counts a hit. True: it should come to one who can check it. */
  isDue(): boolean {
    if (this.#oneIn === 0) return false;
    this.#hits += 1;
    return this.#hits >= this.#oneIn && !this.#isChecking;
  }

  /** Counts a hit. True: it is to be checked, and `done` to be called once that is over. */
  take(): boolean {
    if (!this.isDue()) return false;
    this.#hits = 0;
    this.#isChecking = true;
    return true;
  }

  done(): void {
    this.#isChecking = false;
  }
}
