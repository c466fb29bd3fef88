import pc from 'picocolors';
import type { Terminal } from '../../src/cli/terminal.js';

export interface RecordingTerminal extends Terminal {
  /** What went to standard output. */
  readonly output: string;
  /** What went to standard error. */
  readonly notes: string;
  /** Resolves once a text was written to either; fails after half a minute. */
  waitFor(text: string): Promise<void>;
}

const PATIENCE_MS = 30_000;

/** A terminal without colours that keeps what is written. */
export function createRecordingTerminal(
  options: { readonly isInteractive?: boolean } = {},
): RecordingTerminal {
  let output = '';
  let notes = '';
  const watchers = new Set<() => void>();
  const tell = (): void => {
    for (const watcher of watchers) watcher();
  };
  return {
    waitFor(text) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          watchers.delete(look);
          reject(new Error(`"${text}" was not written, but:\n${output}\n${notes}`));
        }, PATIENCE_MS);
        const look = (): void => {
          if (!output.includes(text) && !notes.includes(text)) return;
          clearTimeout(timer);
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
      });
    },
    out(text) {
      output += `${text}\n`;
      tell();
    },
    write(text) {
      output += text;
      tell();
    },
    note(text) {
      notes += `${text}\n`;
      tell();
    },
    colors: pc.createColors(false),
    isColored: false,
    isInteractive: options.isInteractive ?? false,
    get output() {
      return output;
    },
    get notes() {
      return notes;
    },
  };
}
