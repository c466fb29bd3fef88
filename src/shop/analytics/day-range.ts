import { badUserInput } from '../../index.js';

/** A stretch of days of UTC, both ends in it. */
export interface DayRange {
  /** `2026-01-31`. */
  readonly from: string;
  readonly to: string;
}

const DAY_MS = 86_400_000;
const MAX_DAYS = 3_660;

/** How many days it has. @throws SluiceError `BAD_USER_INPUT` for one that ends before it begins, or is too long */
export function countDays({ from, to }: DayRange): number {
  const days = Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;
  if (days < 1) throw badUserInput(['range', 'to'], `is ${to}, before the range begins (${from})`);
  if (days > MAX_DAYS) throw badUserInput(['range'], `has ${days} days, of ${MAX_DAYS} at most`);
  return days;
}

/** The stretch before it, of equal length. */
export function findDaysBefore(range: DayRange): DayRange {
  const days = countDays(range);
  return { from: shift(range.from, -days), to: shift(range.from, -1) };
}

function shift(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** @throws SluiceError `BAD_USER_INPUT` */
export function checkNumber(name: string, value: number, most: number): void {
  if (value < 1 || value > most) throw badUserInput([name], `must lie between 1 and ${most}`);
}
