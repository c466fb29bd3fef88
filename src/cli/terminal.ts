import pc from 'picocolors';

/** Where a command writes, and how. */
export interface Terminal {
  /** What was asked for: stays clean, so that it can be redirected. */
  out(text: string): void;
  /** The same without a line's end. */
  write(text: string): void;
  /** What is told beside it. */
  note(text: string): void;
  readonly colors: Colors;
  readonly isColored: boolean;
  /** Whether lines may be rewritten in place. */
  readonly isInteractive: boolean;
}

export type Colors = Pick<typeof pc, 'bold' | 'dim' | 'red' | 'green' | 'cyan' | 'yellow'>;

interface Stream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** The process's own. Colours only where people look, unless NO_COLOR or TERM=dumb says otherwise. */
export function createTerminal(options: {
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly env: NodeJS.ProcessEnv;
}): Terminal {
  const { stdout, stderr, env } = options;
  const isPlain = (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb';
  const isColored = stdout.isTTY === true && stderr.isTTY === true && !isPlain;
  return {
    out: (text) => void stdout.write(`${text}\n`),
    write: (text) => void stdout.write(text),
    note: (text) => void stderr.write(`${text}\n`),
    colors: pc.createColors(isColored),
    isColored,
    isInteractive: stderr.isTTY === true && !isPlain,
  };
}
