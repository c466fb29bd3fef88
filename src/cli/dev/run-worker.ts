import { join } from 'node:path';
import { readConfig } from '../../kernel/config/read-config.js';
import { ClosingStack } from '../closing-stack.js';
import type { CommandContext } from '../command-context.js';
import { withDevelopmentSecret } from '../development-secret.js';
import { findProject, getProjectPaths } from '../project.js';
import { isDebugging, reportError } from '../report-error.js';
import { loadCode, serve } from '../serve.js';
import { createTerminal, type Terminal } from '../terminal.js';
import type { FromServer, ToServer } from './messages.js';

/** As much of a forked process as is needed here. */
export interface Channel {
  on(event: 'message', listener: (message: ToServer) => void): unknown;
  once(event: 'disconnect', listener: () => void): unknown;
  send?(message: FromServer): unknown;
}

export interface RunWorkerOptions {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly channel: Channel;
  readonly terminal?: Terminal;
  readonly codeDirectory?: string;
}

/** Serves once it is told to, until it is told to stop or nobody is left to tell it. */
export async function runWorker(options: RunWorkerOptions): Promise<void> {
  const { channel, env } = options;
  const terminal =
    options.terminal ?? createTerminal({ stdout: process.stdout, stderr: process.stderr, env });
  const stopping = new AbortController();
  const closing = new ClosingStack();
  const begun: Promise<void>[] = [];
  const stopped = new Promise<void>((resolve) => {
    stopping.signal.addEventListener('abort', () => resolve());
  });
  channel.once('disconnect', () => stopping.abort());
  channel.on('message', (message) => {
    if (message.kind === 'stop') stopping.abort();
    else begun.push(begin(message));
  });

  channel.send?.({ kind: 'ready' });

  async function begin(message: Extract<ToServer, { kind: 'serve' }>): Promise<void> {
    try {
      const url = await serveApp(message);
      channel.send?.({ kind: 'listening', url });
    } catch (error) {
      if (!stopping.signal.aborted) reportError(error, terminal, { isDebug: isDebugging(env) });
      channel.send?.({ kind: 'failed' });
    }
  }

  async function serveApp(message: Extract<ToServer, { kind: 'serve' }>): Promise<string> {
    const { root, codeDirectory } = options;
    const context: CommandContext = {
      root,
      paths: getProjectPaths(root),
      terminal,
      env,
      stopSignal: stopping.signal,
      readConfig: () => readConfig(env),
      findProject: () => findProject({ root, codeDirectory }),
    };
    const project = context.findProject();
    const serving = await serve({
      context,
      config: withDevelopmentSecret(context.readConfig(), project.stateDirectory),
      project,
      code: await loadCode(project),
      database: { ...message.database, ended: null, explain: (error) => error },
      redis: message.redis,
      graphiqlDirectory: join(project.stateDirectory, 'graphiql'),
      closing,
    });
    if (message.announce === null) serving.releaseLog();
    else await serving.announce(message.announce);
    return serving.url;
  }

  await stopped;
  await Promise.all(begun);
  await closing.close();
}
