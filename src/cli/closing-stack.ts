/** What is to be closed, last opened first. */
export class ClosingStack {
  readonly #steps: (() => unknown)[] = [];
  #closed: Promise<void> | null = null;

  add(close: () => unknown): void {
    this.#steps.push(close);
  }

  /**
   * Closes everything, one after the other, and goes on where one fails. A second call waits for the same end.
   *
   * @throws the first failure, once all is closed
   */
  close(): Promise<void> {
    this.#closed ??= this.#closeAll();
    return this.#closed;
  }

  async #closeAll(): Promise<void> {
    const failures: unknown[] = [];
    // What is added while others close is closed as well.
    for (let close = this.#steps.pop(); close !== undefined; close = this.#steps.pop()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
