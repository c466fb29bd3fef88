import { SluiceError } from '../kernel/sluice-error.js';
import { didYouMean } from '../kernel/suggestion.js';
import { encodeArguments } from './job-arguments.js';
import type { JobCatalogue } from './job-catalogue.js';
import type { JobQueues } from './job-queues.js';
import { QUEUE_NAMES } from './queue-names.js';
import type { ScheduleDefinition } from './schedule-definition.js';

/** Runs that ended well and are kept for people to look at. */
const KEPT_RUNS = { count: 20, age: 7 * 86_400 };
const MIN_EVERY_MS = 1_000;
const MAX_EVERY_MS = 31_536_000_000;

/** @throws SluiceError `CONFIG_INVALID` with every fault */
export function checkSchedules(schedules: readonly ScheduleDefinition[], catalogue: JobCatalogue): void {
  const faults = schedules.flatMap((schedule, index) => {
    const { job } = schedule;
    const isDouble = schedules.findIndex((other) => other.job === job) !== index;
    return [
      ...(catalogue.find(job) === null ? [`"${job}" is no job${didYouMean(job, catalogue.names)}`] : []),
      ...(isDouble ? [`"${job}" is scheduled twice`] : []),
      ...('everyMs' in schedule && !(schedule.everyMs >= MIN_EVERY_MS && schedule.everyMs <= MAX_EVERY_MS)
        ? [`"${job}" runs every ${schedule.everyMs} ms, of ${MIN_EVERY_MS} to ${MAX_EVERY_MS}`]
        : []),
    ];
  });
  if (faults.length > 0)
    throw new SluiceError('CONFIG_INVALID', `The app's schedules have faults:\n  ${faults.join('\n  ')}`);
}

/** What the queues are to have: schedules that are gone are taken away, the others stay or are made. */
export async function installSchedules(
  queues: JobQueues,
  catalogue: JobCatalogue,
  schedules: readonly ScheduleDefinition[],
): Promise<void> {
  for (const name of QUEUE_NAMES) {
    const wanted = schedules.filter(({ job }) => catalogue.queueOf(job) === name);
    const queue = queues.open(name);
    const present = await queue.getJobSchedulers(0, -1, true);
    for (const { key } of present)
      if (!wanted.some(({ job }) => job === key)) await queue.removeJobScheduler(key);
    for (const schedule of wanted) {
      const { job, args = {} } = schedule;
      const times =
        'everyMs' in schedule
          ? { every: schedule.everyMs }
          : { pattern: schedule.cron, tz: schedule.timeZone ?? 'UTC' };
      // When it was asked for is when it is due, which its queue knows.
      const data = { args: encodeArguments(args), viewer: null, askedAtMs: 0 };
      await queue.upsertJobScheduler(job, times, {
        name: job,
        data,
        opts: { ...queues.optionsOf(job), removeOnComplete: KEPT_RUNS },
      });
    }
  }
}

/** One schedule, as its queue has it. */
export interface InstalledSchedule {
  readonly job: string;
  readonly queue: string;
  /** Such as `every 5 s`, or a cron pattern. */
  readonly times: string;
  /** Since 1970; null: nobody knows. */
  readonly nextAtMs: number | null;
  readonly runs: number;
}

export async function listSchedules(queues: JobQueues): Promise<readonly InstalledSchedule[]> {
  const found = await Promise.all(
    QUEUE_NAMES.map(async (queue) =>
      (await queues.open(queue).getJobSchedulers(0, -1, true)).map(
        ({ key, every, pattern, tz, next, iterationCount }): InstalledSchedule => ({
          job: key,
          queue,
          times:
            every === undefined ? `${pattern ?? ''} ${tz ?? ''}`.trim() : `every ${Number(every) / 1000} s`,
          nextAtMs: next ?? null,
          runs: iterationCount ?? 0,
        }),
      ),
    ),
  );
  return found.flat();
}
