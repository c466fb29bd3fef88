import { GraphQLScalarType, Kind } from 'graphql';
import { GraphQLDate } from 'graphql-scalars';
import { scalarError } from './scalar-errors.js';

const TIME = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,6}))?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)?$/;

function parseDate(value: unknown): string {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) {
    throw scalarError('Date', 'takes a day such as "2026-01-31"', value);
  }
  // The library knows the calendar (30 February); its Date object would bring a time zone, so the text is kept.
  GraphQLDate.parseValue(value);
  return value;
}

function serializeDate(value: unknown): string {
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString().slice(0, 10);
  if (typeof value === 'string') return value;
  throw scalarError('Date', 'can show a day', value);
}

/** Calendar days as text, without a time zone that could move them. */
export const DateScalar = new GraphQLScalarType<string, string>({
  name: 'Date',
  serialize: serializeDate,
  parseValue: parseDate,
  parseLiteral(node) {
    if (node.kind === Kind.STRING) return parseDate(node.value);
    throw scalarError('Date', 'takes text', node.kind);
  },
});

function parseTime(value: unknown): string {
  if (typeof value !== 'string' || !TIME.test(value)) {
    throw scalarError('Time', 'takes a time of day such as "12:00:00" or "12:00:00.5Z"', value);
  }
  return value;
}

function serializeTime(value: unknown): string {
  // Prisma holds a time as the first of January 1970 at that time.
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString().slice(11, -1);
  if (typeof value === 'string') return value;
  throw scalarError('Time', 'can show a time of day', value);
}

/** Times of day as text, exact to the microsecond. */
export const TimeScalar = new GraphQLScalarType<string, string>({
  name: 'Time',
  serialize: serializeTime,
  parseValue: parseTime,
  parseLiteral(node) {
    if (node.kind === Kind.STRING) return parseTime(node.value);
    throw scalarError('Time', 'takes text', node.kind);
  },
});
