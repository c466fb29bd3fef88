import { QUEUE_NAMES, type QueueName } from '../../jobs/queue-names.js';
import { redactPassword } from '../../kernel/config/redact-value.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import { createLogger } from '../../telemetry/logger.js';
import { ClosingStack } from '../closing-stack.js';
import type { CommandContext } from '../command-context.js';
import { composeServer } from '../compose-server.js';
import { findServices } from '../jobs/find-services.js';
import { readQueueName } from '../jobs/read-queue-name.js';
import { loadCode } from '../serve.js';
import { waitForEnd } from '../wait-for-end.js';

export interface WorkerFlags {
  /** Names, separated by commas; null: all. */
  readonly queues: string | null;
  /** Null: as configured. */
  readonly concurrency: number | null;
}

/**
 * Works jobs off until it is told to stop: what runs is finished then, or handed back for others.
 *
 * @throws SluiceError `BAD_USER_INPUT` for a queue that there isn't
 */
export async function work(context: CommandContext, flags: WorkerFlags): Promise<void> {
  const queues = readQueues(flags.queues);
  const closing = new ClosingStack();
  try {
    await runWorker(context, { ...flags, queues }, closing);
    context.terminal.note('Stopping: what runs is finished, or handed back …');
  } finally {
    await closing.close();
  }
}

async function runWorker(
  context: CommandContext,
  { queues, concurrency }: { readonly queues: readonly QueueName[]; readonly concurrency: number | null },
  closing: ClosingStack,
): Promise<void> {
  const { terminal } = context;
  const read = context.readConfig();
  const config = concurrency === null ? read : { ...read, jobs: { ...read.jobs, concurrency } };
  const [{ loaded, prismaClientClass }, services] = await Promise.all([
    loadCode(context.findProject()),
    findServices(context, closing),
  ]);
  context.stopSignal.throwIfAborted();
  const server = await composeServer({
    ...{ ...services, config, prismaClientClass, queues },
    project: loaded,
    log: createLogger({ ...config.log, isColored: terminal.isColored }),
  });
  closing.add(() => server.close());
  const working = await server.working;
  if (working === null)
    throw new SluiceError('JOBS_UNAVAILABLE', 'There is nothing to be worked off', {
      hint: 'Set SLUICE_JOBS=on, and run `npm run sluice -- migrate`.',
    });
  const { green } = terminal.colors;
  terminal.out(
    `${green('●')} Working on ${working.queues.join(', ') || 'no queue: the app has no jobs in these'}`,
  );
  terminal.out(`  Up to ${config.jobs.concurrency} jobs of each at a time (--concurrency)`);
  terminal.out(`  Database  ${redactPassword(services.databaseUrl)}`);
  terminal.out(
    `  Queues    ${services.redisUrl === null ? 'in PostgreSQL' : redactPassword(services.redisUrl)}`,
  );
  terminal.out(
    '  Ctrl-C ends it; what it has is finished, or handed back. See `npm run sluice -- jobs list`.',
  );
  await waitForEnd(context.stopSignal, null);
}

function readQueues(text: string | null): readonly QueueName[] {
  if (text === null) return QUEUE_NAMES;
  return text.split(',').map((name) => readQueueName(name.trim()));
}
