import type { Counter } from 'prom-client';

/**
 * One series of a counter, which adds up what a turn of the event loop brings: to find a series by its labels costs more
 * than what is counted, where that is an answer out of memory.
 */
export class TurnCounter<Label extends string> {
  readonly #counter: Counter<Label>;
  readonly #labels: Readonly<Record<Label, string | number>>;
  #pending = 0;

  constructor(counter: Counter<Label>, labels: Readonly<Record<Label, string | number>>) {
    this.#counter = counter;
    this.#labels = labels;
  }

  inc(): void {
    if (this.#pending === 0) setImmediate(() => this.#tell());
    this.#pending += 1;
  }

  #tell(): void {
    this.#counter.inc(this.#labels, this.#pending);
    this.#pending = 0;
  }
}
