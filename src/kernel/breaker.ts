export interface BreakerOptions {
  /** After a failure nobody asks for this long, and then one asks whether it is over. */
  readonly retryMs: number;
  /** Resolves when it is over. Its own time is nobody's wait. */
  readonly probe: () => Promise<void>;
  readonly onOpen: (error: unknown) => void;
  readonly onClose: () => void;
  /** A clock that never goes back. */
  readonly nowMs: () => number;
}

/**
 * Remembers that something has failed, so that its slowness is paid for once: until a probe was answered, everybody does
 * without. Probes run beside requests, and only while there are any.
 */
export class Breaker {
  readonly #options: BreakerOptions;
  /** Null: closed. */
  #openUntilMs: number | null = null;
  #isProbing = false;

  constructor(options: BreakerOptions) {
    this.#options = options;
  }

  /** Until it may be asked again, at least; 0: now. */
  get remainingMs(): number {
    if (this.#openUntilMs === null) return 0;
    return Math.max(0, this.#openUntilMs - this.#options.nowMs());
  }

  /** Whether to ask. Where the time has come, it has a probe find out for those who come later. */
  allows(): boolean {
    if (this.#openUntilMs === null) return true;
    if (!this.#isProbing && this.remainingMs === 0) void this.#probe();
    return false;
  }

  fail(error: unknown): void {
    const isNew = this.#openUntilMs === null;
    this.#openUntilMs = this.#options.nowMs() + this.#options.retryMs;
    if (isNew) this.#options.onOpen(error);
  }

  /** Never rejects: a failure only means that it isn't over. */
  async #probe(): Promise<void> {
    this.#isProbing = true;
    try {
      await this.#options.probe();
      this.#openUntilMs = null;
      this.#options.onClose();
    } catch (error) {
      this.fail(error);
    } finally {
      this.#isProbing = false;
    }
  }
}
