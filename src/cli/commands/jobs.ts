import { decodeJobId } from '../../gateway/jobs/job-ids.js';
import { listSchedules } from '../../jobs/install-schedules.js';
import { decodeArguments } from '../../jobs/job-arguments.js';
import type { JobQueues } from '../../jobs/job-queues.js';
import { runTransaction, sqlOf } from '../../jobs/job-sql.js';
import { isQueueName, QUEUE_NAMES } from '../../jobs/queue-names.js';
import { JOB_STATES, type JobState, type QueuedJob } from '../../jobs/queued-job.js';
import { verifyRollup } from '../../jobs/rollups/keep-up-rollup.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import { didYouMean } from '../../kernel/suggestion.js';
import type { CommandContext } from '../command-context.js';
import { readQueueName } from '../jobs/read-queue-name.js';
import { useJobs } from '../jobs/use-jobs.js';
import { loadProject } from '../load-project.js';
import { createProgress } from '../progress.js';
import { renderTable } from '../table.js';

export interface ListFlags {
  readonly queue: string | null;
  readonly state: string | null;
  readonly first: number;
}

/** Queues in numbers, and the newest jobs of them. */
export async function listJobs(context: CommandContext, flags: ListFlags): Promise<void> {
  const queues = flags.queue === null ? QUEUE_NAMES : [readQueueName(flags.queue)];
  const states = flags.state === null ? JOB_STATES : [readState(flags.state)];
  const { terminal } = context;
  await useJobs(context, async ({ jobs }) => {
    const counts = await Promise.all(queues.map((name) => jobs.queues.count(name)));
    const types = ['waiting', 'prioritized', 'delayed', 'active', 'completed', 'failed'];
    const rows = queues.map((name, index) => [name, ...types.map((type) => counts[index]?.[type] ?? 0)]);
    terminal.out(renderTable(['queue', ...types], rows));
    const found = (
      await Promise.all(queues.map((name) => jobs.queues.list(name, states, flags.first)))
    ).flat();
    found.sort((one, other) => other.createdAtMs - one.createdAtMs);
    if (found.length === 0) {
      terminal.note(flags.state === null ? 'No jobs are kept.' : `No job is ${flags.state.toLowerCase()}.`);
      return;
    }
    terminal.out('');
    terminal.out(
      renderTable(
        ['job', 'name', 'state', 'attempts', 'created', 'why'],
        found
          .slice(0, flags.first)
          .map((job) => [
            `${job.queue}/${job.id}`,
            job.name,
            job.state.toLowerCase(),
            `${job.attempts}/${job.maxAttempts}`,
            toMoment(job.createdAtMs),
            job.failure ?? '',
          ]),
      ),
    );
    terminal.note('More of one: `npm run sluice -- jobs show <job>`.');
  });
}

/** All that is known of one job. */
export async function showJob(context: CommandContext, text: string): Promise<void> {
  await useJobs(context, async ({ jobs }) => {
    const { terminal } = context;
    const job = await getJob(jobs.queues, text);
    const result = await jobs.results.find(job.id);
    const lines: readonly (readonly [string, string | null])[] = [
      ['job', `${job.queue}/${job.id}`],
      ['name', job.name],
      ['state', job.state.toLowerCase()],
      ['arguments', JSON.stringify(decodeArguments(job.data.args))],
      ['for', job.data.viewer === null ? 'everybody' : JSON.stringify(job.data.viewer)],
      ['attempts', `${job.attempts} of ${job.maxAttempts}`],
      ['created', toMoment(job.createdAtMs)],
      ['started', toMoment(job.startedAtMs)],
      ['finished', toMoment(job.finishedAtMs)],
      ['progress', job.progress === null ? null : `${job.progress.done} of ${job.progress.total}`],
      ['failed', job.failure],
      ['result', describeResult(job, result?.value, result?.computedAtMs ?? null)],
    ];
    for (const [name, value] of lines)
      if (value !== null && value !== '') terminal.out(`${name.padEnd(10)} ${value}`);
    if (job.state === 'FAILED')
      terminal.note(`Again: \`npm run sluice -- jobs retry ${job.queue}/${job.id}\`.`);
  });
}

/** Runs one again that failed or was called off. */
export async function retryJob(context: CommandContext, text: string): Promise<void> {
  await useJobs(context, async ({ jobs }) => {
    const job = await getJob(jobs.queues, text);
    const isDone = await jobs.queues.retry(job.queue, job.id);
    if (!isDone)
      throw new SluiceError(
        'CONFLICT',
        `The job is ${job.state.toLowerCase()}: only one that failed or was called off is run again`,
      );
    await follow(context, jobs.queues, job);
  });
}

/** Calls one off. */
export async function cancelJob(context: CommandContext, text: string): Promise<void> {
  await useJobs(context, async ({ jobs }) => {
    const job = await getJob(jobs.queues, text);
    const isDone = await jobs.queues.cancel(job.queue, job.id);
    if (!isDone) throw new SluiceError('CONFLICT', `The job is ${job.state.toLowerCase()} already`);
    const { terminal } = context;
    terminal.out(`${terminal.colors.green('✓')} ${job.name} is called off`);
    if (job.state === 'ACTIVE') terminal.note('Its worker lets go of it within a second.');
  });
}

/** Has one of the app's jobs run, and shows how far it is. */
export async function runJob(
  context: CommandContext,
  { name, args }: { readonly name: string; readonly args: string | null },
): Promise<void> {
  await useJobs(context, async ({ jobs }) => {
    const { catalogue, queues } = jobs;
    const known = catalogue.names.filter((each) => catalogue.findField(each) === null);
    if (!known.includes(name))
      throw new SluiceError(
        'NOT_FOUND',
        `There is no job "${name}"${didYouMean(name, known)}; there are ${known.join(', ')}`,
        {
          hint: 'Jobs of fields are run by asking for the field.',
        },
      );
    const { id } = await queues.enqueue({ name, id: null, args: readArguments(args), viewer: null });
    const queue = catalogue.queueOf(name);
    const job = await queues.find(queue, id);
    if (job !== null) await follow(context, queues, job);
  });
}

/** What runs when. */
export async function showSchedules(context: CommandContext): Promise<void> {
  await useJobs(context, async ({ jobs }) => {
    const { terminal } = context;
    const schedules = await listSchedules(jobs.queues);
    if (schedules.length === 0) {
      terminal.note('Nothing is scheduled: schedules are made when a worker starts.');
      return;
    }
    const rows = schedules.map(({ job, queue, times, nextAtMs, runs }) => [
      job,
      queue,
      times,
      toMoment(nextAtMs),
      runs,
    ]);
    terminal.out(renderTable(['job', 'queue', 'when', 'next', 'runs'], rows));
  });
}

/**
 * Compares rollups with what they sum up.
 *
 * @throws SluiceError `CONFLICT` where they differ
 */
export async function verifyRollups(context: CommandContext): Promise<void> {
  const { rollups = [] } = (await loadProject(context.findProject())).app;
  const { terminal } = context;
  if (rollups.length === 0) {
    terminal.note('The app has no rollups.');
    return;
  }
  await useJobs(context, async ({ foundation }) => {
    const faults: string[] = [];
    for (const rollup of rollups) {
      const progress = createProgress(rollup.name, terminal);
      const check = await verifyRollup(rollup, {
        signal: context.stopSignal,
        progress: (done, total) => progress.update('marks', done, total),
        transaction: (work) =>
          runTransaction(foundation.pool, STATEMENT_TIMEOUT_MS, (client) => work(sqlOf(client))),
      });
      if (check === null)
        faults.push(`${rollup.name} was written to all the time, so it could not be compared`);
      else if (check.count > 0) faults.push(`${rollup.name} differs in ${check.count} places`);
      else progress.finish(`${rollup.name} is what it should be`);
      for (const difference of check?.differences.slice(0, 10) ?? [])
        terminal.out(`  ${JSON.stringify(difference)}`);
    }
    if (faults.length > 0)
      throw new SluiceError('CONFLICT', faults.join('; '), {
        hint: "Writers that skip triggers leave no marks. To compute all anew: npm run sluice -- sql \"insert into sluice.rollup_marks (rollup, slice) values ('<name>', '{}')\"",
      });
  });
}

const STATEMENT_TIMEOUT_MS = 600_000;
const POLL_MS = 200;
/** Before it is said that nobody takes it. */
const IDLE_NOTE_MS = 5_000;

/** Until it has ended. */
async function follow(
  { terminal, stopSignal }: CommandContext,
  queues: JobQueues,
  { queue, id, name }: QueuedJob,
): Promise<void> {
  const progress = createProgress(name, terminal);
  const begunMs = Date.now();
  let isNoted = false;
  for (;;) {
    stopSignal.throwIfAborted();
    const job = await queues.find(queue, id);
    if (job === null || job.state === 'COMPLETED') {
      progress.finish(`${name} ended well`);
      if (job?.result !== null && job?.result !== undefined) terminal.out(JSON.stringify(job.result));
      return;
    }
    if (job.state === 'FAILED' || job.state === 'CANCELLED')
      throw new SluiceError(
        'INTERNAL_SERVER_ERROR',
        `${name} ${job.state === 'FAILED' ? 'failed' : 'was called off'}: ${job.failure ?? ''}`,
        {
          hint: `npm run sluice -- jobs show ${queue}/${id}`,
        },
      );
    progress.update(job.state.toLowerCase(), job.progress?.done ?? 0, job.progress?.total ?? 1);
    if (job.state === 'WAITING' && !isNoted && Date.now() - begunMs > IDLE_NOTE_MS) {
      isNoted = true;
      terminal.note('Nobody has taken it yet: is a worker running (`npm run worker`)?');
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function getJob(queues: JobQueues, text: string): Promise<QueuedJob> {
  const [queueName = '', id = ''] = text.split('/');
  const place = isQueueName(queueName) && id !== '' ? { queue: queueName, id } : decodeJobId(text);
  const job = place === null ? null : await queues.find(place.queue, place.id);
  if (job !== null) return job;
  throw new SluiceError('NOT_FOUND', `There is no job ${text}`, {
    hint: 'Name it as `npm run sluice -- jobs list` does, such as analytics/4f…, or by its id in the API.',
  });
}

function readState(name: string): JobState {
  const state = JOB_STATES.find((each) => each === name.toUpperCase());
  if (state !== undefined) return state;
  const known = JOB_STATES.map((each) => each.toLowerCase());
  throw new SluiceError(
    'BAD_USER_INPUT',
    `No job is ever "${name}"${didYouMean(name, known)}; states are ${known.join(', ')}`,
  );
}

function readArguments(text: string | null): object {
  if (text === null) return {};
  let args: unknown;
  try {
    args = JSON.parse(text);
  } catch (error) {
    throw new SluiceError('BAD_USER_INPUT', `--args is no JSON: ${String(error)}`);
  }
  if (typeof args === 'object' && args !== null && !Array.isArray(args)) return args;
  throw new SluiceError('BAD_USER_INPUT', '--args is to be an object, such as \'{"days": 7}\'');
}

function describeResult(job: QueuedJob, kept: unknown, computedAtMs: number | null): string | null {
  if (computedAtMs !== null) return `of ${toMoment(computedAtMs)}: ${cut(JSON.stringify(kept))}`;
  return job.result === null ? null : cut(JSON.stringify(job.result));
}

const MAX_SHOWN_CHARACTERS = 2_000;

function cut(text: string): string {
  return text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS)} …` : text;
}

function toMoment(ms: number | null): string {
  return ms === null ? '' : new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}
