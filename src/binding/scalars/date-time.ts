import { GraphQLScalarType, Kind } from 'graphql';
import { scalarError } from './scalar-errors.js';

const DATE_TIME =
  /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:([Zz])|([+-])(\d\d):(\d\d))$/;

/** The instant in UTC with the fraction's own digits kept, or null where the text is no RFC 3339 date-time. */
function toUtcText(text: string): string | null {
  const parts = DATE_TIME.exec(text);
  if (parts === null) return null;
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '', fraction = '', , sign] =
    parts;
  const asUtc = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  // Date.parse refuses month 13 but rolls 30 February over, so the day is read back.
  if (Number.isNaN(asUtc) || new Date(asUtc).getUTCDate() !== Number(day) || Number(hour) > 23) return null;
  const [offsetHours, offsetMinutes] = [Number(parts[10] ?? 0), Number(parts[11] ?? 0)];
  if (offsetHours > 23 || offsetMinutes > 59) return null;
  const offsetMs = (offsetHours * 60 + offsetMinutes) * 60_000 * (sign === '-' ? -1 : 1);
  const instant = new Date(asUtc - offsetMs);
  if (instant.getUTCFullYear() < 0 || instant.getUTCFullYear() > 9999) return null;
  // PostgreSQL keeps microseconds: digits beyond the sixth would be rounded, so they are refused.
  if (/[1-9]/.test(fraction.slice(6))) return null;
  const digits = fraction.slice(0, 6).replace(/0+$/, '').padEnd(3, '0');
  return `${instant.toISOString().slice(0, 19)}.${digits}Z`;
}

function parseDateTime(value: unknown): string {
  const text = value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : value;
  const utc = typeof text === 'string' ? toUtcText(text) : null;
  if (utc === null) {
    throw scalarError(
      'DateTime',
      'takes an RFC 3339 date-time such as "2026-01-31T12:00:00Z", exact to microseconds',
      value,
    );
  }
  return utc;
}

function serializeDateTime(value: unknown): string {
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
  if (typeof value === 'string') return value;
  throw scalarError('DateTime', 'can show a date-time', value);
}

/** Instants as RFC 3339 text in UTC, exact to the microsecond: a JavaScript Date would lose the last three digits. */
export const DateTimeScalar = new GraphQLScalarType<string, string>({
  name: 'DateTime',
  serialize: serializeDateTime,
  parseValue: parseDateTime,
  parseLiteral(node) {
    if (node.kind === Kind.STRING) return parseDateTime(node.value);
    throw scalarError('DateTime', 'takes text', node.kind);
  },
});
