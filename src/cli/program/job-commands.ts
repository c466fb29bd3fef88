import type { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import { readCount } from '../option-readers.js';

/** What runs in the background. */
export function addJobCommands(program: Command, context: CommandContext): void {
  program
    .command('worker')
    .description('work jobs off, beside servers or apart from them')
    .option('--queues <names>', 'from these queues, separated by commas. Without: from all')
    .option('--concurrency <n>', 'jobs of each queue at a time, at most. Without: as configured', readCount)
    .action(async (flags: { queues?: string; concurrency?: number }) =>
      (await import('../commands/worker.js')).work(context, {
        queues: flags.queues ?? null,
        concurrency: flags.concurrency ?? null,
      }),
    );

  const jobs = program.command('jobs').description('about what runs in the background');
  jobs
    .command('list')
    .description('tell how many jobs are in which state, and of the newest what became of them')
    .option('--queue <name>', 'of one queue')
    .option('--state <state>', 'waiting, delayed, active, completed, failed or cancelled')
    .option('--first <n>', 'so many at most', readCount, 20)
    .action(async (flags: { queue?: string; state?: string; first: number }) =>
      (await import('../commands/jobs.js')).listJobs(context, {
        queue: flags.queue ?? null,
        state: flags.state ?? null,
        first: flags.first,
      }),
    );
  jobs
    .command('show <job>')
    .description('tell all that is known of one job')
    .action(async (job: string) => (await import('../commands/jobs.js')).showJob(context, job));
  jobs
    .command('run <name>')
    .description("have one of the app's jobs run, and show how far it is")
    .option('--args <json>', 'its arguments, as an object')
    .action(async (name: string, flags: { args?: string }) =>
      (await import('../commands/jobs.js')).runJob(context, { name, args: flags.args ?? null }),
    );
  jobs
    .command('retry <job>')
    .description('run one again that failed or was called off, and show how far it is')
    .action(async (job: string) => (await import('../commands/jobs.js')).retryJob(context, job));
  jobs
    .command('cancel <job>')
    .description('call one off')
    .action(async (job: string) => (await import('../commands/jobs.js')).cancelJob(context, job));
  jobs
    .command('schedules')
    .description('tell what runs when')
    .action(async () => (await import('../commands/jobs.js')).showSchedules(context));
  jobs
    .command('verify-rollups')
    .description('compare what sums other tables up with a full recomputation')
    .action(async () => (await import('../commands/jobs.js')).verifyRollups(context));
}
