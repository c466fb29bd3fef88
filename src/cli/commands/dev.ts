import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ClosingStack } from '../closing-stack.js';
import type { CommandContext } from '../command-context.js';
import { Reloader } from '../dev/reload.js';
import { forkServer, type ServerWorker } from '../dev/server-worker.js';
import { watchFiles } from '../dev/watch-files.js';
import { withDevelopmentSecret } from '../development-secret.js';
import { startGraphiqlBuild } from '../graphiql-page.js';
import { openDatabaseService, openRedisService } from '../open-services.js';
import { settleAll } from '../settle-all.js';
import { waitForEnd } from '../wait-for-end.js';

const STOP_GRACE_MS = 2_000;
// The same from dist/cli/commands, which is where this runs.
const WORKER = fileURLToPath(new URL('../dev/worker.js', import.meta.url));

/** Serves, and serves anew at every edit, until it is told to stop. */
export async function dev(context: CommandContext): Promise<void> {
  const begunMs = performance.now();
  const { root, env, terminal, stopSignal } = context;
  const closing = new ClosingStack();
  try {
    const project = context.findProject();
    const config = withDevelopmentSecret(context.readConfig(), project.stateDirectory);
    const onProgress = (message: string) => terminal.note(message);
    const { stateDirectory } = project;
    const services = { config, stateDirectory, path: env.PATH ?? '', closing, onProgress };
    const [database, redis, watch] = await settleAll([
      openDatabaseService(services),
      openRedisService(services),
      watchFiles(root),
    ]);
    closing.add(() => watch.close());
    stopSignal.throwIfAborted();

    const { ended, explain: _, ...description } = database;
    let isFirst = true;
    const reloader = new Reloader({
      root,
      appName: project.appName,
      env,
      terminal,
      fork: () =>
        forkServer({ file: WORKER, root, stopTimeoutMs: config.http.shutdownTimeoutMs + STOP_GRACE_MS }),
      serve: async (worker: ServerWorker) => {
        const graphiql = config.http.graphiql ? 'being built' : null;
        const announce = isFirst ? ({ startedInMs: performance.now() - begunMs, graphiql } as const) : null;
        const isServing = await worker.serve({ kind: 'serve', database: description, redis, announce });
        if (isServing) isFirst = false;
        return isServing;
      },
    });
    closing.add(() => reloader.stop());
    stopSignal.addEventListener('abort', () => void watch.close(), { once: true });

    await reloader.start();
    if (config.http.graphiql) {
      const directory = join(stateDirectory, 'graphiql');
      await startGraphiqlBuild({ directory, closing, onEnd: (error) => tellPage(context, error) });
    }
    await Promise.race([waitForEnd(stopSignal, ended), followEdits()]);
    await waitForEnd(stopSignal, ended);
    terminal.note('Stopping …');

    async function followEdits(): Promise<void> {
      for (let changes = await watch.next(); changes !== null; changes = await watch.next()) {
        if (stopSignal.aborted) return;
        await reloader.apply(changes);
      }
    }
  } finally {
    await closing.close();
  }
}

function tellPage({ terminal }: CommandContext, error: unknown): void {
  if (error === null) terminal.note(`${terminal.colors.green('✓')} GraphiQL is built`);
  else terminal.note(`${terminal.colors.red('✗')} ${error instanceof Error ? error.message : String(error)}`);
}
