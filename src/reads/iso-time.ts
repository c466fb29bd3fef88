/**
 * Dates and times as `RowValue` holds them: ISO 8601, UTC. Years outside 0000..9999 have a sign and at least six
 * digits (`-000043` is 44 BC), as ECMAScript writes them; `Infinity` and `-Infinity` are PostgreSQL's infinities.
 */
export interface CalendarDate {
  /** Astronomical: 0 is 1 BC. */
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export interface ClockTime {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** Digits behind the point, as written; empty for none. */
  readonly fraction: string;
  /** Seconds east of UTC; null where the text has no zone. */
  readonly offsetSeconds: number | null;
}

export type CalendarDateTime = CalendarDate & ClockTime;

/** The texts of PostgreSQL's infinite dates and timestamps, as `RowValue` has them. */
export type InfiniteTime = 'Infinity' | '-Infinity';

const DATE = /^([+-]\d{6,7}|\d{4})-(\d\d)-(\d\d)$/;
const TIME = /^(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:([Zz])|([+-])(\d\d):?(\d\d))?$/;

export function isInfiniteTime(text: string): text is InfiniteTime {
  return text === 'Infinity' || text === '-Infinity';
}

/** Null where the text is no date of the Gregorian calendar. */
export function parseIsoDate(text: string): CalendarDate | null {
  const match = DATE.exec(text);
  if (match === null) return null;
  const date = { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) };
  return date.month >= 1 && date.month <= 12 && date.day >= 1 && date.day <= countDays(date) ? date : null;
}

/** Null where the text is no time of day; `24:00:00` is one, as it is for PostgreSQL. */
export function parseIsoTime(text: string): ClockTime | null {
  const match = TIME.exec(text);
  if (match === null) return null;
  const [, hours, minutes, seconds, fraction = '', utc, sign, offsetHours, offsetMinutes] = match;
  const time = { hour: Number(hours), minute: Number(minutes), second: Number(seconds), fraction };
  const isEndOfDay = time.hour === 24 && time.minute === 0 && time.second === 0 && !/[1-9]/.test(fraction);
  if ((time.hour > 23 && !isEndOfDay) || time.minute > 59 || time.second > 59) return null;
  if (sign === undefined) return { ...time, offsetSeconds: utc === undefined ? null : 0 };
  // PostgreSQL takes offsets below 16 hours.
  if (Number(offsetHours) > 15 || Number(offsetMinutes) > 59) return null;
  const offset = Number(offsetHours) * 3600 + Number(offsetMinutes) * 60;
  return { ...time, offsetSeconds: sign === '-' ? -offset : offset };
}

/** Null where the text is no date and time, parted by `T` or a space. */
export function parseIsoDateTime(text: string): CalendarDateTime | null {
  const split = /[Tt ]/.exec(text);
  if (split === null) return null;
  const date = parseIsoDate(text.slice(0, split.index));
  const time = parseIsoTime(text.slice(split.index + 1));
  return date === null || time === null ? null : { ...date, ...time };
}

/** The same moment in UTC, whatever the year; `offsetSeconds` is then 0. */
export function toUtc(moment: CalendarDateTime): CalendarDateTime {
  const offset = moment.offsetSeconds ?? 0;
  if (offset === 0) return moment.offsetSeconds === 0 ? moment : { ...moment, offsetSeconds: 0 };
  // The calendar repeats after 400 years: moved there, every year that PostgreSQL knows fits into a Date.
  const cycles = Math.floor(moment.year / 400);
  const year = moment.year - cycles * 400 + 2000;
  const { month, day, hour, minute, second, fraction } = moment;
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second - offset));
  return {
    year: date.getUTCFullYear() - 2000 + cycles * 400,
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    fraction,
    offsetSeconds: 0,
  };
}

export function formatIsoDate({ year, month, day }: CalendarDate): string {
  const sign = year < 0 ? '-' : '+';
  const digits = year < 0 || year > 9999 ? `${sign}${pad(Math.abs(year), 6)}` : pad(year, 4);
  return `${digits}-${pad(month, 2)}-${pad(day, 2)}`;
}

/** Without a zone; the fraction as it is, so none where there is none. */
export function formatClock({ hour, minute, second, fraction }: ClockTime): string {
  const clock = `${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}`;
  return fraction === '' ? clock : `${clock}.${fraction}`;
}

export function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}

function countDays({ year, month }: CalendarDate): number {
  // Day 0 of the next month, in a year of the same length that Date doesn't take for 19xx.
  return new Date(Date.UTC((year % 400) + 2000, month, 0)).getUTCDate();
}
