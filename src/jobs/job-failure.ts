import { ERROR_CODES, type ErrorCode } from '../kernel/error-codes.js';
import { SluiceError } from '../kernel/sluice-error.js';

/** Why a job failed, for whoever asked for it. */
export interface JobFailure {
  readonly code: ErrorCode;
  readonly message: string;
}

/** What a queue keeps of an error: with its code, where it was foreseen. */
export function describeFailure(error: unknown): string {
  if (error instanceof SluiceError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}

const CODED = /^([A-Z_]+): (.*)$/s;

/** What was foreseen may be told to anybody; the rest is told to staff alone, as it may hold anything. */
export function readFailure(text: string, isStaff: boolean): JobFailure {
  const [, code = '', message = ''] = CODED.exec(text) ?? [];
  if (code in ERROR_CODES) return { code: code as ErrorCode, message };
  return { code: 'INTERNAL_SERVER_ERROR', message: isStaff ? text : 'The job failed' };
}
