import { SluiceError } from '../kernel/sluice-error.js';
import { findSystemCode } from '../kernel/system-code.js';
import type { Terminal } from './terminal.js';

/** Says an error as one sentence and a hint; how it came about only to those who debug. */
export function reportError(
  error: unknown,
  terminal: Terminal,
  { isDebug }: { readonly isDebug: boolean },
): void {
  const fault = explainMachine(error) ?? error;
  const { red, dim } = terminal.colors;
  if (fault instanceof SluiceError) {
    terminal.note(`${red('✗')} ${fault.message}`);
    if (fault.hint !== undefined) terminal.note(`  ${fault.hint}`);
  } else {
    const message = fault instanceof Error ? `${fault.name}: ${fault.message}` : String(fault);
    terminal.note(`${red('✗')} Something unforeseen went wrong: ${message}`);
    if (!isDebug) terminal.note('  SLUICE_LOG_LEVEL=debug shows where.');
  }
  if (isDebug) terminal.note(dim(describe(fault)));
}

/** The faults of a machine that can meet any step. */
function explainMachine(error: unknown): SluiceError | null {
  if (error instanceof SluiceError) return null;
  const code = findSystemCode(error);
  // 53100 is PostgreSQL's word for the same.
  if (code === 'ENOSPC' || code === '53100') {
    return new SluiceError('DISK_FULL', 'The disk is full', {
      hint: 'Free some space and start again.',
      cause: error,
    });
  }
  return null;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const text = error.stack ?? error.message;
  return error.cause === undefined ? text : `${text}\nCaused by: ${describe(error.cause)}`;
}

/** Whether people asked for stacks. Read from the environment itself: the configuration may be what is faulty. */
export function isDebugging(env: NodeJS.ProcessEnv): boolean {
  return ['debug', 'trace'].includes(env.SLUICE_LOG_LEVEL ?? '');
}
