import { drain } from '../../changes/drain/drain.js';
import { DrainConnection } from '../../changes/drain/drain-connection.js';
import { RedisChangeLog } from '../../changes/log/redis-change-log.js';
import type { RedisClient } from '../../kernel/redis-client.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import { didYouMean } from '../../kernel/suggestion.js';
import { loadModelGraph } from '../../model/load-model-graph.js';
import { renderChange } from '../changes/render-change.js';
import { tailLog } from '../changes/tail-log.js';
import { ClosingStack } from '../closing-stack.js';
import type { CommandContext } from '../command-context.js';
import { useDatabase } from '../use-database.js';
import { useRedis } from '../use-redis.js';

export interface TailCommandOptions {
  /** Null: all. */
  readonly model: string | null;
  readonly isJson: boolean;
}

/** No request waits for it: it may take longer than a node may. */
const DEADLINE_MS = 2_000;
/** Soon enough for people, and ten questions a second to PostgreSQL. */
const INTERVAL_MS = 100;
const NO_LOG = 'each server keeps the change log in its own memory, where nobody else can read it';

/**
 * Prints the change log as it grows, until it is stopped. It drains as a node does, so that also what nobody has asked
 * for yet is seen.
 *
 * @throws SluiceError `SERVICE_MISSING` without Redis, `CONFIG_INVALID` for a model that there is not,
 *   `DATABASE_SCHEMA_LAGS` for a database without a change log
 */
export async function tailChanges(context: CommandContext, options: TailCommandOptions): Promise<void> {
  if (options.model !== null) await requireModel(context, options.model);
  const closing = new ClosingStack();
  try {
    // Before the database: without Redis there is no need to bring that up.
    const redis = await useRedis(context, NO_LOG);
    closing.add(() => redis.disconnect());
    await useDatabase(context, ({ url }) => tail(context, options, { databaseUrl: url, redis }));
  } finally {
    await closing.close();
  }
}

async function tail(
  { terminal, stopSignal }: CommandContext,
  { model, isJson }: TailCommandOptions,
  { databaseUrl, redis }: { readonly databaseUrl: string; readonly redis: RedisClient },
): Promise<void> {
  const connection = new DrainConnection({ url: databaseUrl });
  try {
    const place = await connection.use(async (session) => session.place);
    const log = new RedisChangeLog({ redis, place, deadlineMs: DEADLINE_MS });
    const what = model === null ? 'Every change' : `Every change of ${model}`;
    await tailLog({
      log,
      drain: () =>
        connection.use(async (session) => {
          const time = await log.readTime();
          await drain({ log, session, time, isPeekFirst: true, onSnapshot: () => undefined });
        }),
      intervalMs: INTERVAL_MS,
      stop: stopSignal,
      onReady: () =>
        terminal.note(`${what} from now on: position, and the tags that it voids. Ctrl-C ends it.`),
      onEvent(event) {
        const line = renderChange(event, new Date(), { colors: terminal.colors, model, isJson });
        if (line !== null) terminal.out(line);
      },
    });
    await log.close();
  } finally {
    await connection.close();
  }
}

async function requireModel(context: CommandContext, model: string): Promise<void> {
  const graph = await loadModelGraph(context.findProject().modelGraphFile);
  const names = [...graph.models.keys()];
  // Implicit join tables count as models of their own.
  if (names.includes(model) || model.startsWith('_')) return;
  throw new SluiceError('CONFIG_INVALID', `There is no model ${model}${didYouMean(model, names)}`);
}
