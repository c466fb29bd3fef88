import type { JobAttempt, JobRunner } from './job-attempt.js';
import type { BatchJobDefinition } from './job-definition.js';

interface Waiting {
  readonly attempt: JobAttempt;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

interface OpenBatch {
  readonly definition: BatchJobDefinition;
  readonly items: Waiting[];
  readonly timer: NodeJS.Timeout;
}

/**
 * Gathers jobs of one name until there are enough of them, or the first has waited long enough, and has them done at once.
 * Each is a job of its own to its queue: done, failed or tried again by itself.
 */
export class Batches {
  readonly #open = new Map<string, OpenBatch>();
  #parked = 0;

  /** @param onParked how many of a worker's jobs only wait: they take the place of no other */
  constructor(
    private readonly runner: JobRunner,
    private readonly onParked: (count: number) => void,
  ) {}

  join(definition: BatchJobDefinition, attempt: JobAttempt): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const { maxItems, maxWaitMs } = definition.batch;
      let batch = this.#open.get(definition.name);
      if (batch === undefined) {
        const timer = setTimeout(() => void this.#begin(definition), maxWaitMs);
        batch = { definition, items: [], timer };
        this.#open.set(definition.name, batch);
      }
      const waiting = { attempt, resolve, reject };
      batch.items.push(waiting);
      this.#park(1);
      // Whoever is told to end while it waits leaves the others alone.
      attempt.signal.addEventListener('abort', () => this.#leave(definition.name, waiting), { once: true });
      if (attempt.signal.aborted) this.#leave(definition.name, waiting);
      else if (batch.items.length >= maxItems) void this.#begin(definition);
    });
  }

  /** What waits is done now: nobody is to wait for more on the way out. */
  flush(): void {
    for (const { definition } of [...this.#open.values()]) void this.#begin(definition);
  }

  #park(change: number): void {
    this.#parked += change;
    this.onParked(this.#parked);
  }

  #leave(name: string, waiting: Waiting): void {
    const batch = this.#open.get(name);
    const index = batch?.items.indexOf(waiting) ?? -1;
    if (batch === undefined || index < 0) return;
    batch.items.splice(index, 1);
    this.#park(-1);
    if (batch.items.length === 0) {
      clearTimeout(batch.timer);
      this.#open.delete(name);
    }
    waiting.reject(waiting.attempt.signal.reason);
  }

  async #begin(definition: BatchJobDefinition): Promise<void> {
    const batch = this.#open.get(definition.name);
    if (batch === undefined) return;
    clearTimeout(batch.timer);
    this.#open.delete(definition.name);
    const { items } = batch;
    // All but one: a batch that runs is one piece of work.
    this.#park(-1);
    try {
      const outcomes = await this.#run(definition, items);
      for (const [index, { resolve, reject }] of items.entries()) {
        const outcome = outcomes[index];
        if (outcome === undefined) reject(new Error('the batch gave no outcome for this item'));
        else if (outcome.status === 'fulfilled') resolve(outcome.value);
        else reject(outcome.reason);
      }
    } finally {
      this.#park(1 - items.length);
    }
  }

  async #run(
    definition: BatchJobDefinition,
    items: readonly Waiting[],
  ): Promise<readonly PromiseSettledResult<unknown>[]> {
    const attempts = items.map(({ attempt }) => attempt);
    try {
      return await this.runner.runBatch(definition, attempts);
    } catch (error) {
      if (attempts.length === 1) return [{ status: 'rejected', reason: error }];
    }
    const each: PromiseSettledResult<unknown>[] = [];
    for (const attempt of attempts) each.push(await this.#runAlone(definition, attempt));
    return each;
  }

  async #runAlone(
    definition: BatchJobDefinition,
    attempt: JobAttempt,
  ): Promise<PromiseSettledResult<unknown>> {
    try {
      const [outcome] = await this.runner.runBatch(definition, [attempt]);
      return outcome ?? { status: 'rejected', reason: new Error('the batch gave no outcome for this item') };
    } catch (error) {
      return { status: 'rejected', reason: error };
    }
  }
}
