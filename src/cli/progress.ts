import { SingleBar } from 'cli-progress';
import type { Terminal } from './terminal.js';

/** Shows work that counts its steps. */
export interface Progress {
  update(step: string, done: number, total: number): void;
  finish(message: string): void;
}

/** A bar on a terminal; elsewhere a line whenever another step begins. */
export function createProgress(title: string, terminal: Terminal): Progress {
  const bar = terminal.isInteractive
    ? new SingleBar({
        format: `  ${title} [{bar}] {value}/{total} {step}`,
        barsize: 24,
        clearOnComplete: true,
        hideCursor: true,
        stopOnComplete: false,
      })
    : null;
  let shown: string | null = null;
  return {
    update(step, done, total) {
      if (bar !== null) {
        if (shown === null) bar.start(total, done, { step });
        bar.setTotal(total);
        bar.update(done, { step });
      } else if (shown !== step) {
        terminal.note(`${title}: ${step} …`);
      }
      shown = step;
    },
    finish(message) {
      if (shown !== null) bar?.stop();
      terminal.note(`${terminal.colors.green('✓')} ${message}`);
    },
  };
}
