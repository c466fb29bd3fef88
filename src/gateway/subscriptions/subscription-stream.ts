import type { FormattedExecutionResult } from 'graphql';

type Result = IteratorResult<FormattedExecutionResult, undefined>;

/**
 * What one subscriber is told. Each event is taken when the one before has been sent, so nothing piles up for those who are
 * slow; it ends at once when it is told to, whatever its source waits for.
 */
export class SubscriptionStream implements AsyncGenerator<FormattedExecutionResult, undefined, undefined> {
  readonly #source: AsyncIterator<unknown>;
  readonly #answer: (event: unknown) => Promise<FormattedExecutionResult>;
  readonly #onEnd: () => void;
  readonly #ended: Promise<Result>;
  #end: (result: Result) => void = () => undefined;
  #isEnded = false;

  /** @param onEnd called once, however it ends */
  constructor(
    source: AsyncIterator<unknown>,
    answer: (event: unknown) => Promise<FormattedExecutionResult>,
    onEnd: () => void,
  ) {
    this.#source = source;
    this.#answer = answer;
    this.#onEnd = onEnd;
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  async next(): Promise<Result> {
    if (this.#isEnded) return DONE;
    try {
      return await Promise.race([this.#take(), this.#ended]);
    } catch (error) {
      this.#finish();
      throw error;
    }
  }

  async return(): Promise<Result> {
    this.#finish();
    return DONE;
  }

  async throw(error: unknown): Promise<Result> {
    this.#finish();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#finish();
  }

  async #take(): Promise<Result> {
    const event = await this.#source.next();
    if (event.done === true) {
      this.#finish();
      return DONE;
    }
    return { done: false, value: await this.#answer(event.value) };
  }

  #finish(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#end(DONE);
    this.#onEnd();
    // It may be waiting for what comes next; nobody waits for its end.
    void Promise.resolve(this.#source.return?.()).catch(() => undefined);
  }
}

const DONE: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined });
