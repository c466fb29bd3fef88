import type { JobView } from '../../binding/offload/job-desk.js';
import type { JobEvents } from '../../jobs/job-events.js';
import { ENDED_STATES } from '../../jobs/queued-job.js';
import { Bell } from './bell.js';
import type { JobPlace } from './job-ids.js';

/** Events may be missed while their service is away: it is looked again all the same. */
const LOOK_INTERVAL_MS = 5_000;

/**
 * A job as it stands, and after each change, until it has ended. However many changes there are while somebody is slow to
 * take one, they are then told of the last: nothing piles up.
 */
export async function* watchJob(
  place: JobPlace | null,
  events: JobEvents,
  look: () => Promise<JobView | null>,
): AsyncGenerator<JobView, void, void> {
  if (place === null) return;
  const bell = new Bell();
  const stop = await events.listen(place.queue, place.id, () => bell.ring());
  try {
    let last: string | null = null;
    for (;;) {
      bell.reset();
      const job = await look();
      if (job === null) return;
      const text = JSON.stringify([job.state, job.progress, job.attempts, job.computedAt, job.isOutdated]);
      if (text !== last) yield job;
      last = text;
      if (ENDED_STATES.has(job.state)) return;
      await bell.rung(LOOK_INTERVAL_MS);
    }
  } finally {
    stop();
  }
}
