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

/** A stretch in three, one after the other: days, whole months, days; each ends where the next begins. */
export interface MonthSplit {
  readonly from: string;
  /** First days of months. */
  readonly monthsFrom: string;
  readonly monthsUntil: string;
  /** The day after the last. */
  readonly until: string;
}

/** The whole months that there are in a stretch, and the days beside them. */
export function splitByMonth({ from, to }: DayRange): MonthSplit {
  const until = shift(to, 1);
  const monthsFrom = from.endsWith('-01') ? from : findNextMonth(from);
  const monthsUntil = `${until.slice(0, 8)}01`;
  if (monthsFrom >= monthsUntil) return { from, monthsFrom: until, monthsUntil: until, until };
  return { from, monthsFrom, monthsUntil, until };
}

function findNextMonth(day: string): string {
  return `${shift(`${day.slice(0, 8)}01`, 31).slice(0, 8)}01`;
}

function shift(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** @throws SluiceError `BAD_USER_INPUT` */
export function checkNumber(name: string, value: number, most: number): void {
  if (value < 1 || value > most) throw badUserInput([name], `must lie between 1 and ${most}`);
}
