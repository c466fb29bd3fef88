import type { OffloadedField } from '../../jobs/job-catalogue.js';
import type { JobEvents } from '../../jobs/job-events.js';
import type { JobQueues } from '../../jobs/job-queues.js';
import { ENDED_STATES, type JobViewer } from '../../jobs/queued-job.js';
import type { Clock } from '../../kernel/clock.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import { Bell } from './bell.js';
import type { JobPlace } from './job-ids.js';
import type { KnownJob } from './job-views.js';

export interface JobFlightsParts {
  readonly queues: JobQueues;
  readonly events: JobEvents;
  readonly clock: Clock;
  /** What is known of the job, its queue asked, too. */
  look(place: JobPlace, name: string, lifeMs: number): Promise<KnownJob>;
}

/** A field that is asked for, and whom its result is for. */
export interface AskedField {
  readonly field: OffloadedField;
  readonly args: object;
  readonly viewer: JobViewer | null;
  readonly varied: { readonly [name: string]: string };
  readonly lifeMs: number;
}

/** Asks for jobs, and waits for what comes of them: once for all who ask for equal ones at a time. */
export class JobFlights {
  readonly #parts: JobFlightsParts;
  /** Being asked for, by id. */
  readonly #flights = new Map<string, Promise<KnownJob>>();

  constructor(parts: JobFlightsParts) {
    this.#parts = parts;
  }

  /** What is known of the job after the time that its field says one waits, or earlier where it has ended. */
  async run(place: JobPlace, asked: AskedField, known: KnownJob): Promise<KnownJob> {
    const flight = this.#flights.get(place.id);
    if (flight !== undefined) return flight;
    const running = this.#enqueue(place, asked, known);
    this.#flights.set(place.id, running);
    try {
      return await running;
    } finally {
      this.#flights.delete(place.id);
    }
  }

  async #enqueue(
    place: JobPlace,
    { field, args, viewer, varied, lifeMs }: AskedField,
    known: KnownJob,
  ): Promise<KnownJob> {
    const { queues, events } = this.#parts;
    const { coordinate, waitMs, priority } = field;
    const bell = new Bell();
    try {
      // Before it is asked for: what happens between is not to be missed.
      const stop = waitMs > 0 ? await events.listen(place.queue, place.id, () => bell.ring()) : null;
      try {
        const { isAhead } = await queues.enqueue({
          name: coordinate,
          id: place.id,
          args,
          viewer,
          varied,
          lifeMs,
          priority,
        });
        // Else nothing is going to happen that could be waited for.
        const untilMs = this.#parts.clock.nowMs() + (isAhead ? waitMs : 0);
        return await this.#await(() => this.#parts.look(place, coordinate, lifeMs), bell, untilMs);
      } finally {
        stop?.();
      }
    } catch (error) {
      // An old result is better than none; it says that it is old.
      if (known.result !== null && error instanceof SluiceError) return known;
      throw error;
    }
  }

  async #await(look: () => Promise<KnownJob>, bell: Bell, untilMs: number): Promise<KnownJob> {
    for (;;) {
      const leftMs = untilMs - this.#parts.clock.nowMs();
      const isHeard = leftMs > 0 && (await bell.rung(leftMs));
      bell.reset();
      const known = await look();
      const state = known.queued?.state;
      if (known.isFresh || !isHeard || (state !== undefined && ENDED_STATES.has(state))) return known;
    }
  }
}
