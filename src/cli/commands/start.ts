import { join } from 'node:path';
import { ClosingStack } from '../closing-stack.js';
import type { CommandContext } from '../command-context.js';
import { withDevelopmentSecret } from '../development-secret.js';
import { startGraphiqlBuild } from '../graphiql-page.js';
import { openDatabaseService, openRedisService } from '../open-services.js';
import { loadCode, type Serving, serve } from '../serve.js';
import { settleAll } from '../settle-all.js';
import { waitForEnd } from '../wait-for-end.js';

/** Serves until it is told to stop; all that it started is stopped then, also where it fails on the way. */
export async function start(context: CommandContext): Promise<void> {
  const closing = new ClosingStack();
  try {
    await runServer(context, closing);
    context.terminal.note('Stopping …');
  } finally {
    await closing.close();
  }
}

/** From nothing to the banner, and until the end. What was opened is in `closing`. */
async function runServer(context: CommandContext, closing: ClosingStack): Promise<void> {
  const begunMs = performance.now();
  const project = context.findProject();
  const config = withDevelopmentSecret(context.readConfig(), project.stateDirectory);
  const services = {
    config,
    stateDirectory: project.stateDirectory,
    path: context.env.PATH ?? '',
    closing,
    onProgress: (message: string) => context.terminal.note(message),
  };
  // Servers start while code is being loaded.
  const [database, redis, code] = await settleAll([
    openDatabaseService(services),
    openRedisService(services),
    loadCode(project),
  ]);
  context.stopSignal.throwIfAborted();
  try {
    const graphiqlDirectory = join(project.stateDirectory, 'graphiql');
    const serving = await serve({
      context,
      config,
      project,
      code,
      database,
      redis,
      graphiqlDirectory,
      closing,
    });
    const startedInMs = performance.now() - begunMs;
    const graphiql = config.http.graphiql ? await startPage(graphiqlDirectory, serving, closing) : null;
    await serving.announce({ startedInMs, graphiql });
    await waitForEnd(context.stopSignal, database.ended);
  } catch (error) {
    throw database.explain(error);
  }
}

function startPage(
  directory: string,
  { log }: Serving,
  closing: ClosingStack,
): Promise<'ready' | 'being built'> {
  return startGraphiqlBuild({
    directory,
    closing,
    onEnd(error) {
      if (error === null) log.info('GraphiQL is built');
      else log.error({ err: error }, 'GraphiQL could not be built');
    },
  });
}
