import { InvalidArgumentError } from 'commander';
import { MAX_WARM_OPERATIONS } from '../cache/warming/warm-operation.js';

export function readScale(text: string): number {
  const scale = Number(text);
  if (!(scale > 0 && scale <= 1000)) throw new InvalidArgumentError('Expected a number above 0, up to 1000.');
  return scale;
}

export function readSeconds(text: string): number {
  const seconds = Number(text);
  if (!(Number.isInteger(seconds) && seconds > 0 && seconds <= 3_600))
    throw new InvalidArgumentError('Expected whole seconds from 1 to 3600.');
  return seconds;
}

export function readCount(text: string): number {
  const count = Number(text);
  if (!(Number.isInteger(count) && count >= 0 && count <= MAX_WARM_OPERATIONS))
    throw new InvalidArgumentError(`Expected a whole number from 0 to ${MAX_WARM_OPERATIONS}.`);
  return count;
}

/** ISO 8601; a date alone is its begin in UTC. */
export function readDate(text: string): Date {
  const date = new Date(text);
  if (!/^\d{4}-\d{2}-\d{2}/.test(text) || Number.isNaN(date.getTime()))
    throw new InvalidArgumentError('It must be a date such as 2030-01-31 or 2030-01-31T12:00:00Z.');
  return date;
}
