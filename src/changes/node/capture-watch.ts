export interface CaptureWatchOptions {
  /** What a look found just before; null: there was none. */
  readonly uncaptured: readonly string[] | null;
  /** Names of the models whose changes are not captured as this node expects. */
  readonly findUncaptured: () => Promise<readonly string[]>;
  /** Voids all that anybody knows of these models. */
  readonly voidModels: (models: readonly string[]) => Promise<void>;
  readonly intervalMs: number;
  readonly nowMs: () => number;
  /** Told of a look that failed. */
  readonly onFailure: (error: unknown) => void;
  /** Told of models that turned out uncaptured. */
  readonly onUncaptured: (models: readonly string[]) => void;
}

/** Looks from time to time whether capture is still in place; a trigger that somebody disabled tells nobody. */
export class CaptureWatch {
  readonly #options: CaptureWatchOptions;
  #uncaptured: ReadonlySet<string> | null = null;
  #nextAtMs = Number.NEGATIVE_INFINITY;
  #running: Promise<void> | null = null;

  constructor(options: CaptureWatchOptions) {
    this.#options = options;
    this.#uncaptured = options.uncaptured === null ? null : new Set(options.uncaptured);
  }

  get uncaptured(): readonly string[] {
    return [...(this.#uncaptured ?? [])];
  }

  /** False also while nobody has looked yet. */
  isCaptured(model: string): boolean {
    return this.#uncaptured !== null && !this.#uncaptured.has(model);
  }

  /** Looks if it is time to. */
  lookIfDue(): void {
    const nowMs = this.#options.nowMs();
    if (nowMs < this.#nextAtMs) return;
    this.#nextAtMs = nowMs + this.#options.intervalMs;
    void this.look();
  }

  /** Looks now, or shares the look that is under way. Never rejects. */
  look(): Promise<void> {
    this.#running ??= this.#look()
      .catch((error: unknown) => this.#options.onFailure(error))
      .finally(() => {
        this.#running = null;
      });
    return this.#running;
  }

  async #look(): Promise<void> {
    const found = new Set(await this.#options.findUncaptured());
    const before = this.#uncaptured;
    const lost = [...found].filter((model) => before?.has(model) !== true);
    const back = [...(before ?? [])].filter((model) => !found.has(model));
    if (lost.length > 0) this.#options.onUncaptured(lost);
    // Not trusted again before everybody has forgotten what was remembered when changes went unnoticed.
    this.#uncaptured = new Set([...found, ...back]);
    if (back.length > 0) await this.#options.voidModels(back);
    this.#uncaptured = found;
  }
}
