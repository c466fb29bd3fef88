import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { guardProcess } from './process-guard.js';

/** A server to run as a child. */
export interface ServerCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly workingDirectory: string;
  /** Whom it runs as; absent: whoever runs Sluice. */
  readonly account?: { readonly uid: number; readonly gid: number } | undefined;
  /** Given to it on its standard input, so that secrets show in no list of processes. */
  readonly input?: string;
  /** What it prints once it answers. */
  readonly readyText: string;
  /** The signal that makes it end in order, data safe. */
  readonly stopSignal: NodeJS.Signals;
  readonly startTimeoutMs: number;
  /** After this a stop is enforced. */
  readonly stopTimeoutMs: number;
  onOutput?(text: string): void;
}

export interface ServerProcess {
  readonly pid: number;
  /** What it printed until it was ready. */
  readonly startOutput: string;
  /** The last of what it printed up to now. */
  readRecentOutput(): string;
  /** Resolves with the last output when the server is gone, for whatever reason. */
  readonly ended: Promise<string>;
  /** Ends the server and waits for it. A second call waits for the same end. */
  stop(): Promise<void>;
}

/** A server that ended or stayed silent instead of getting ready. */
export class ServerStartError extends Error {
  override readonly name = 'ServerStartError';

  constructor(
    /** The last of what it printed. */
    readonly output: string,
    reason: string,
  ) {
    super(`${reason}: ${output.trim() || 'it printed nothing'}`);
  }
}

const KEPT_OUTPUT_CHARACTERS = 8_000;

/**
 * Starts a server and waits until it is ready. It lives in a process group of its own, out of reach of Ctrl-C,
 * since requests in flight still need it then; should this process die without a word, a guard stops it.
 *
 * @throws ServerStartError
 */
export async function startServerProcess(command: ServerCommand): Promise<ServerProcess> {
  const child = spawn(command.file, command.args, {
    cwd: command.workingDirectory,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    ...command.account,
  });
  let output = '';
  const ended = new Promise<string>((resolve) => {
    child.once('close', () => resolve(output));
    child.once('error', (error) => {
      output += error.message;
      resolve(output);
    });
  });
  // A server that is gone already closes its input; its end is told by `ended`.
  child.stdin.on('error', () => undefined);
  child.stdin.end(command.input ?? '');

  const ready = new Promise<void>((resolve) => {
    const read = (chunk: string): void => {
      output = (output + chunk).slice(-KEPT_OUTPUT_CHARACTERS);
      command.onOutput?.(chunk);
      if (output.includes(command.readyText)) resolve();
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
  });
  const guard = child.pid === undefined ? null : guardProcess(child.pid, command.stopSignal);
  // Before the id can belong to another process.
  child.once('exit', () => guard?.dismiss());

  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= endChild(child, command);
    return stopping;
  };

  const outcome = await within(
    command.startTimeoutMs,
    Promise.race([ready.then(() => 'ready'), ended.then(() => 'ended')]),
  );
  if (outcome !== 'ready' || child.pid === undefined) {
    await stop();
    throw new ServerStartError(
      output,
      outcome === 'ended' ? 'it ended at once' : `it was not ready after ${command.startTimeoutMs} ms`,
    );
  }
  return { pid: child.pid, startOutput: output, readRecentOutput: () => output, ended, stop };
}

async function endChild(child: ChildProcess, command: ServerCommand): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill(command.stopSignal);
  if ((await within(command.stopTimeoutMs, exit)) === null) {
    child.kill('SIGKILL');
    await exit;
  }
}

/** What the promise gives, or null if that takes longer. */
async function within<T>(timeoutMs: number, promise: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), timeoutMs);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
