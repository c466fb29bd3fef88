/** Rung any number of times, heard once. */
export class Bell {
  #isRung = false;
  #hear: (() => void) | null = null;

  ring(): void {
    this.#isRung = true;
    this.#hear?.();
  }

  /** What was rung before is not heard any more. */
  reset(): void {
    this.#isRung = false;
  }

  /** Waits for it, so long at most; whether it has rung since it was reset. */
  async rung(timeoutMs: number): Promise<boolean> {
    if (this.#isRung) return true;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      timer.unref();
      this.#hear = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#hear = null;
    return this.#isRung;
  }
}
