import { type DestinationStream, type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import { systemClock } from '../kernel/clock.js';

export type { Logger } from 'pino';

/** What a logger is made of; `level` and `format` as in the configuration. */
export interface LoggerOptions {
  readonly level: string;
  readonly format: 'pretty' | 'json';
  /** Where lines go. Default: standard output. */
  readonly destination?: DestinationStream;
  /** Default: where standard output is the destination and a terminal. */
  readonly isColored?: boolean;
}

// Credentials: whoever logs a request's headers by accident must not put these on disk.
const REDACTED_HEADERS = ['authorization', 'cookie', 'set-cookie', 'proxy-authorization'];
const REDACTED_PATHS = REDACTED_HEADERS.flatMap((name) => [
  `["${name}"]`,
  `headers["${name}"]`,
  `*.headers["${name}"]`,
]);

/** A pino logger that redacts credentials and says errors with message, code and stack. */
export function createLogger(options: LoggerOptions): Logger {
  return pino(
    {
      level: options.level,
      base: undefined,
      timestamp: isoTime,
      redact: { paths: REDACTED_PATHS, censor: '[redacted]' },
    },
    openDestination(options),
  );
}

/** For the one line of each request, which is made of fields that hold no credentials: it spares looking for them. */
export function createRequestLineLogger(log: Logger): Logger {
  return log.child({}, { redact: [] });
}

let lastMs = 0;
let lastText = '';

/** As pino's own, made once for all lines of a millisecond. */
function isoTime(): string {
  const nowMs = systemClock.nowMs();
  if (nowMs !== lastMs) {
    lastMs = nowMs;
    lastText = `,"time":"${new Date(nowMs).toISOString()}"`;
  }
  return lastText;
}

function openDestination(options: LoggerOptions): DestinationStream {
  if (options.format === 'json') return options.destination ?? openBufferedOutput();
  const destination = options.destination ?? pino.destination({ fd: 1, sync: true });
  // In this thread rather than as a transport in a worker: lines come out in order with the banner, and the
  // last one before an exit is not lost.
  return pretty({
    destination: destination as NonNullable<pretty.PrettyOptions['destination']>,
    sync: true,
    colorize: options.isColored ?? (options.destination === undefined && process.stdout.isTTY === true),
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'pid,hostname',
    singleLine: true,
  });
}

/** Lines for machines go out together: a system call for each would cost a request more than reading its rows. */
const BUFFERED_BYTES = 4_096;
/** A line waits no longer than this for others. */
const FLUSH_INTERVAL_MS = 100;

function openBufferedOutput(): DestinationStream {
  const destination = pino.destination({
    fd: 1,
    sync: true,
    minLength: BUFFERED_BYTES,
    periodicFlush: FLUSH_INTERVAL_MS,
  });
  process.once('exit', () => destination.flushSync());
  return destination;
}
