import { SluiceError } from '../../kernel/sluice-error.js';
import type { BlockRecord } from '../../limits/blocks/blocks.js';
import { limitsPlace } from '../../limits/create-limits.js';
import { RedisBlocks } from '../../limits/redis/redis-blocks.js';
import { readDatabaseName } from '../../reads/pg/create-pool.js';
import type { CommandContext } from '../command-context.js';
import { OWNED_DATABASE } from '../database/owned-database.js';
import type { Colors } from '../terminal.js';
import { toMinute } from '../to-minute.js';
import { useRedis } from '../use-redis.js';

const MOST_BLOCKS = 1_000;
const NO_BLOCKS = 'each server keeps its blocks in its own memory: ask its API, `rateLimitBlocks`';

/** Prints who is blocked, and whose block was lifted. @throws SluiceError `SERVICE_MISSING`, `LIMITS_UNAVAILABLE` */
export async function listBlocks(context: CommandContext): Promise<void> {
  const { terminal } = context;
  await withBlocks(context, async (blocks) => {
    const found = await blocks.list(MOST_BLOCKS);
    for (const block of found) terminal.out(renderBlock(block, terminal.colors));
    if (found.length === 0) terminal.out('Nobody is blocked.');
    else terminal.note('npm run sluice -- limits lift <who> lets one in again.');
  });
}

/** Lets a blocked caller in again. @throws SluiceError `NOT_FOUND`, `SERVICE_MISSING`, `LIMITS_UNAVAILABLE` */
export async function liftBlock(context: CommandContext, subject: string): Promise<void> {
  const { terminal } = context;
  await withBlocks(context, async (blocks) => {
    if (!(await blocks.lift(subject, 'command line')))
      throw new SluiceError('NOT_FOUND', `${subject} is not blocked`, {
        hint: 'npm run sluice -- limits list',
      });
    terminal.out(`${terminal.colors.green('✓')} ${subject}  may come in again`);
  });
}

async function withBlocks(
  context: CommandContext,
  work: (blocks: RedisBlocks) => Promise<void>,
): Promise<void> {
  const { database, limits } = context.readConfig();
  const redis = await useRedis(context, NO_BLOCKS);
  try {
    const name = database.url === null ? OWNED_DATABASE : readDatabaseName(database.url);
    await work(new RedisBlocks({ redis, place: limitsPlace(name, limits) }));
  } finally {
    redis.disconnect();
  }
}

function renderBlock({ subject, blockedAtMs, untilMs, rules, lifted }: BlockRecord, colors: Colors): string {
  const facts = `since ${toMinute(new Date(blockedAtMs))}, for ${rules.join(', ')}`;
  return lifted === null
    ? `${colors.red('✗')} ${subject}  until ${toMinute(new Date(untilMs))}  ${colors.dim(facts)}`
    : `${colors.green('✓')} ${subject}  lifted ${toMinute(new Date(lifted.atMs))} by ${lifted.by}  ${colors.dim(facts)}`;
}
