import { formatClock, formatIsoDate, toUtc } from '../iso-time.js';

/** The commonest shape: four digits of year, no zone or UTC. */
const UTC_TIMESTAMP = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?(?:\+00)?$/;
/** PostgreSQL's ISO style; offsets of old local times have seconds. */
const TIMESTAMP =
  /^(\d{4,})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?:([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?)?( BC)?$/;
const DATE = /^(\d{4,})-(\d\d)-(\d\d)( BC)?$/;
const TIME = /^(\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(?:([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?)?$/;

/**
 * A timestamp with or without time zone as ISO 8601 in UTC. Every session's time zone is understood; a
 * timestamp without one is UTC, as Prisma writes it.
 */
export function decodeTimestamp(text: string): string {
  if (UTC_TIMESTAMP.test(text)) {
    const end = text.endsWith('+00') ? text.length - 3 : text.length;
    return `${text.slice(0, 10)}T${text.slice(11, 19)}.${text.slice(20, end).padEnd(3, '0')}Z`;
  }
  const match = TIMESTAMP.exec(text);
  if (match === null) return decodeInfinity(text);
  const [, year, month, day, hour, minute, second, fraction = '', sign, hours, minutes, seconds, bc] = match;
  const utc = toUtc({
    year: toAstronomicalYear(year, bc),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    fraction: fraction.padEnd(3, '0'),
    offsetSeconds: toSeconds(sign, hours, minutes, seconds),
  });
  return `${formatIsoDate(utc)}T${formatClock(utc)}Z`;
}

export function decodeDate(text: string): string {
  const match = DATE.exec(text);
  if (match === null) return decodeInfinity(text);
  const [, year, month, day, bc] = match;
  return formatIsoDate({ year: toAstronomicalYear(year, bc), month: Number(month), day: Number(day) });
}

/** A time of day; one with a zone is moved to UTC and says so by a `Z`. */
export function decodeTime(text: string): string {
  const match = TIME.exec(text);
  if (match === null) throw notIso(text);
  const [, clock = '', fraction = '', sign, hours, minutes, seconds] = match;
  if (sign === undefined) return text;
  const offsetSeconds = toSeconds(sign, hours, minutes, seconds);
  const suffix = `${fraction === '' ? '' : `.${fraction}`}Z`;
  if (offsetSeconds === 0) return clock + suffix;
  const [hour = 0, minute = 0, second = 0] = clock.split(':').map(Number);
  // Any day serves: only the time of day remains of it.
  const day = { year: 2000, month: 1, day: 1 };
  return formatClock(toUtc({ ...day, hour, minute, second, fraction: '', offsetSeconds })) + suffix;
}

function decodeInfinity(text: string): string {
  if (text === 'infinity') return 'Infinity';
  if (text === '-infinity') return '-Infinity';
  throw notIso(text);
}

/** ISO 8601 has a year 0, which is 1 BC. */
function toAstronomicalYear(year: string | undefined, bc: string | undefined): number {
  return bc === undefined ? Number(year) : 1 - Number(year);
}

function toSeconds(sign: string | undefined, ...parts: readonly (string | undefined)[]): number {
  const [hours = 0, minutes = 0, seconds = 0] = parts.map((part) => Number(part ?? 0));
  const offset = hours * 3600 + minutes * 60 + seconds;
  return sign === '-' ? -offset : offset;
}

function notIso(text: string): Error {
  return new Error(`Unexpected date or time "${text}": the connection's DateStyle must be ISO.`);
}
