import { join } from 'node:path';
import type { CacheDemo } from '../../gateway/app-definition.js';
import type { Config } from '../../kernel/config/config.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import { askDemo, type DemoAnswer } from '../cache/ask-demo.js';
import { ClosingStack } from '../closing-stack.js';
import type { CommandContext } from '../command-context.js';
import { withDevelopmentSecret } from '../development-secret.js';
import { openDatabaseService, openRedisService } from '../open-services.js';
import { type LoadedCode, loadCode, serve } from '../serve.js';
import { settleAll } from '../settle-all.js';
import type { Terminal } from '../terminal.js';
import { runSql } from './sql.js';

/** A change is known within the lag bound; after this it never will be. */
const MAX_WAIT_MS = 10_000;
const PAUSE_MS = 10;

/**
 * Shows that what is kept is never older than the database: asks twice, changes a row from outside, asks again.
 *
 * @throws SluiceError `CONFIG_INVALID` for an app without a demonstration
 */
export async function demo(context: CommandContext): Promise<void> {
  const closing = new ClosingStack();
  try {
    await show(context, closing);
  } finally {
    await closing.close();
  }
}

async function show(context: CommandContext, closing: ClosingStack): Promise<void> {
  const { terminal } = context;
  const { bold, dim, green } = terminal.colors;
  const project = context.findProject();
  const code = await loadCode(project);
  const { cacheDemo } = code.loaded.app;
  if (cacheDemo === undefined) {
    throw new SluiceError('CONFIG_INVALID', `src/${project.appName}/app.ts has no cacheDemo`, {
      hint: 'It names a query, and SQL that changes its answer and changes it back.',
    });
  }
  const config = withDevelopmentSecret(context.readConfig(), project.stateDirectory);
  const url =
    (await findServer(config, cacheDemo)) ?? (await startServer(context, { config, code, closing }));
  const step = (text: string) => terminal.out(`\n${bold(text)}`);
  const tell = ({ curl, cacheStatus, body }: DemoAnswer) => {
    terminal.out(dim(`$ ${curl}`));
    terminal.out(`cache-status: ${green(cacheStatus)}`);
    terminal.out(body);
  };
  const ask = () => askDemo(`${url}/graphql`, cacheDemo);

  step('1  Ask');
  const first = await waitUntilKept(ask, terminal);
  tell(first);
  step('2  Ask the same again: it comes from the cache');
  tell(await ask());
  step('3  Change a row from outside, as another program would');
  await change(context, cacheDemo.change);
  const committedMs = performance.now();
  try {
    step('4  Ask once more: the new value, and the header names the change that voided the old one');
    tell(await waitForNews(ask, first));
    terminal.out(dim(`(${Math.round(performance.now() - committedMs)} ms after it was committed)`));
  } finally {
    step('5  Change it back');
    await change(context, cacheDemo.restore);
  }
  terminal.note('');
  terminal.note(
    'npm start serves the API. docs/cache.md tells the rest; `npm run sluice -- cache explain` says why.',
  );
}

/** The one of this project that runs already; null: there is none. */
async function findServer({ http: { port } }: Config, demo: CacheDemo): Promise<string | null> {
  if (port === 0) return null;
  const url = `http://localhost:${port}`;
  try {
    await askDemo(`${url}/graphql`, demo);
    return url;
  } catch {
    // Nobody is there, or somebody else.
    return null;
  }
}

async function startServer(
  context: CommandContext,
  {
    config,
    code,
    closing,
  }: { readonly config: Config; readonly code: LoadedCode; readonly closing: ClosingStack },
): Promise<string> {
  const project = context.findProject();
  const services = {
    config,
    stateDirectory: project.stateDirectory,
    path: context.env.PATH ?? '',
    closing,
    onProgress: (message: string) => context.terminal.note(message),
  };
  const [database, redis] = await settleAll([openDatabaseService(services), openRedisService(services)]);
  const { url } = await serve({
    context,
    // On a port of its own, and without the page, which takes a while to build.
    config: {
      ...config,
      http: { ...config.http, port: 0, graphiql: false },
      log: { ...config.log, level: 'silent' },
    },
    project,
    code,
    database,
    redis,
    graphiqlDirectory: join(project.stateDirectory, 'graphiql'),
    closing,
  });
  return url;
}

/**
 * The first answer that is kept. A server that was just started, or that its machine doesn't let run in time,
 * can't tell yet whether it knows every change, and keeps nothing until it can.
 */
async function waitUntilKept(ask: () => Promise<DemoAnswer>, terminal: Terminal): Promise<DemoAnswer> {
  const startMs = performance.now();
  let hasSaid = false;
  for (;;) {
    const answer = await ask();
    const waitedMs = performance.now() - startMs;
    // What isn't kept after that has a reason, which its header names.
    if (/hit|stored/.test(answer.cacheStatus) || waitedMs > MAX_WAIT_MS) return answer;
    if (waitedMs > 1_000 && !hasSaid) {
      terminal.note(`Not kept so far (${answer.cacheStatus}); asking for up to ${MAX_WAIT_MS / 1_000} s …`);
      hasSaid = true;
    }
    await pause();
  }
}

/** The first answer that is another one. */
async function waitForNews(ask: () => Promise<DemoAnswer>, first: DemoAnswer): Promise<DemoAnswer> {
  const untilMs = performance.now() + MAX_WAIT_MS;
  for (;;) {
    const answer = await ask();
    if (answer.body !== first.body) return answer;
    if (performance.now() > untilMs) throw new SluiceError('TIMEOUT', 'The change was not seen in 10 s');
    await pause();
  }
}

const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));

async function change(context: CommandContext, statement: string): Promise<void> {
  context.terminal.out(context.terminal.colors.dim(`$ npm run sluice -- sql "${statement}"`));
  await runSql(context, { statement, isJson: false, timeoutSeconds: 30 });
}
