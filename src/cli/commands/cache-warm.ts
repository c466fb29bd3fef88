import { resolve } from 'node:path';
import { z } from 'zod';
import type { WarmOperation, WarmRefusal, WarmReport } from '../../cache/warming/warm-operation.js';
import { signDevelopmentToken } from '../../identity/development-token.js';
import { Tiers } from '../../identity/tiers.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import { type Asking, askServer, findApiUrl } from '../cache/ask-server.js';
import { readWarmList } from '../cache/read-warm-list.js';
import type { CommandContext } from '../command-context.js';
import { findJwtSecret } from '../development-secret.js';
import { loadProject } from '../load-project.js';
import { createProgress } from '../progress.js';

export interface WarmOptions {
  /** With operations; null: only those that were recorded. */
  readonly file: string | null;
  readonly recorded: number;
  /** Of the server's API. Null: on this machine, on the configured port. */
  readonly url: string | null;
  /** Of staff. Null: one that is made for this, in development. */
  readonly token: string | null;
}

const TIMEOUT_MS = 120_000;
/** Operations that go out at a time. */
const BATCH = 20;
const SHOWN_REFUSALS = 20;
const WARM = `mutation Warm($operations: [WarmOperationInput!]!, $recorded: Int!) {
  warmCache(operations: $operations, recorded: $recorded) { kept present refused { operation why } }
}`;
const report = z.object({
  kept: z.number(),
  present: z.number(),
  refused: z.array(z.object({ operation: z.string(), why: z.string() })),
});

/**
 * Has a running server answer operations before anybody asks.
 *
 * @throws SluiceError `BAD_USER_INPUT`, `SERVICE_MISSING`
 */
export async function warmCache(context: CommandContext, options: WarmOptions): Promise<void> {
  const { terminal } = context;
  const listed = options.file === null ? [] : await readWarmList(resolve(context.root, options.file));
  const asking: Asking = {
    url: findApiUrl(context, options.url),
    token: options.token ?? (await signForStaff(context)),
    timeoutMs: TIMEOUT_MS,
  };
  const progress = createProgress('Filling the cache', terminal);
  const came: WarmReport[] = [];
  for (let at = 0; at < listed.length; at += BATCH) {
    progress.update('operations of the file', at, listed.length);
    came.push(await warm(asking, listed.slice(at, at + BATCH), 0));
  }
  if (options.recorded > 0) {
    progress.update('what was asked most', 0, options.recorded);
    came.push(await warm(asking, [], options.recorded));
  }
  const count = (of: (each: WarmReport) => number) => came.reduce((sum, each) => sum + of(each), 0);
  progress.finish(`${count(({ kept }) => kept)} kept, ${count(({ present }) => present)} kept before`);
  tellRefused(
    context,
    came.flatMap(({ refused }) => refused),
  );
}

async function warm(
  asking: Asking,
  operations: readonly WarmOperation[],
  recorded: number,
): Promise<WarmReport> {
  const sent = operations.map((each) => ({ ...each, variables: JSON.stringify(each.variables) }));
  const { data, errors } = await askServer(asking, {
    query: WARM,
    variables: { operations: sent, recorded },
  });
  const parsed = report.safeParse(data?.warmCache);
  if (parsed.success) return parsed.data;
  const [error] = errors ?? [];
  const isWho = ['UNAUTHENTICATED', 'FORBIDDEN'].includes(error?.extensions?.code ?? '');
  throw new SluiceError('BAD_USER_INPUT', `The server refuses this: ${error?.message ?? 'it says nothing'}`, {
    hint: isWho ? 'Name a token of staff with --token.' : undefined,
  });
}

function tellRefused({ terminal }: CommandContext, refused: readonly WarmRefusal[]): void {
  if (refused.length === 0) return;
  terminal.note(`${refused.length} not kept:`);
  for (const { operation, why } of refused.slice(0, SHOWN_REFUSALS)) terminal.note(`  ${operation}: ${why}`);
  if (refused.length > SHOWN_REFUSALS) terminal.note(`  … ${refused.length - SHOWN_REFUSALS} more`);
  terminal.note('`sluice cache explain` says more of each.');
}

/** Null in production, where whoever does this has to say who they are. */
async function signForStaff(context: CommandContext): Promise<string | null> {
  const config = context.readConfig();
  const secret = config.env === 'production' ? null : findJwtSecret(config, context.paths.stateDirectory);
  if (secret === null) return null;
  const { app } = await loadProject(context.findProject());
  const tier = new Tiers(app.tiers).all.at(-1)?.name;
  return signDevelopmentToken({ secret, viewerId: '1', tier });
}
