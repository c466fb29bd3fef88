import { badUserInput } from '../../kernel/sluice-error.js';
import type { Column, EnumType } from '../../model/model-graph.js';
import { type ArrayText, formatArrayText } from '../../model/sql/array-text.js';
import {
  type CalendarDate,
  formatClock,
  isInfiniteTime,
  pad,
  parseIsoDate,
  parseIsoDateTime,
  parseIsoTime,
  toUtc,
} from '../iso-time.js';
import type { RowValue } from '../row.js';
import { findValueFault } from '../value-fault.js';

/**
 * The text of a value as PostgreSQL reads it, null for NULL.
 * @throws SluiceError `BAD_USER_INPUT`, its path the column's name, for a value that the type can't hold.
 */
export type Encode = (value: RowValue) => string | null;

/** The encoder for a column's values: for a list column, of whole lists. */
export function createEncoder(column: Column, enumType: EnumType | null): Encode {
  const formatElement = createFormatter(column, enumType);
  return (value) => {
    const fault = findValueFault(column, enumType, value);
    if (fault !== null) throw badUserInput([column.name], fault);
    if (column.isList && Array.isArray(value))
      return formatArrayText(formatElements(column, value, formatElement));
    // On a Json column null is JSON's null; for a missing value there is a condition of its own.
    if (value === null && column.type !== 'Json') return null;
    return formatElement(value);
  };
}

/** Makes the text of a value that is known to fit its column. */
type Format = (value: RowValue) => string;

/** A Json element may itself be an array or null; elsewhere these are a further dimension and NULL. */
function formatElements(column: Column, values: readonly RowValue[], formatElement: Format): ArrayText {
  if (column.type === 'Json') return values.map(formatElement);
  return values.map((value) => {
    if (value === null) return null;
    return Array.isArray(value) ? formatElements(column, value, formatElement) : formatElement(value);
  });
}

function createFormatter(column: Column, enumType: EnumType | null): Format {
  switch (column.type) {
    case 'String':
    case 'Boolean':
    case 'Int':
    case 'BigInt':
    case 'Decimal':
      return String;
    case 'Float':
      return (value) => (Object.is(value, -0) ? '-0' : String(value));
    case 'DateTime':
      return createTimeFormatter(column.pgType);
    case 'Json':
      return (value) => JSON.stringify(value);
    case 'Bytes':
      return (value) => `\\x${Buffer.from(String(value), 'base64').toString('hex')}`;
    case 'Enum': {
      const dbNames = new Map(enumType?.values.map(({ name, dbName }) => [name, dbName]));
      return (value) => dbNames.get(String(value)) ?? String(value);
    }
  }
}

function createTimeFormatter(pgType: string): Format {
  if (pgType.startsWith('date')) return (value) => formatDate(String(value));
  if (/^time(?!stamp)/.test(pgType)) {
    const zone = pgType.startsWith('timetz') ? 'Z' : '';
    return (value) => formatTimeOfDay(String(value), zone);
  }
  return (value) => formatTimestamp(String(value));
}

function formatDate(text: string): string {
  const date = parseIsoDate(text);
  return date === null ? text : `${formatDays(date)}${formatEra(date)}`;
}

/** In UTC: a timestamp without time zone drops whatever zone it is given. */
function formatTimestamp(text: string): string {
  const moment = isInfiniteTime(text) ? null : parseIsoDateTime(text);
  if (moment === null) return text;
  const utc = toUtc(moment);
  return `${formatDays(utc)} ${formatClock(utc)}Z${formatEra(utc)}`;
}

function formatTimeOfDay(text: string, zone: string): string {
  const time = parseIsoTime(text);
  if (time === null) return text;
  const isUtc = time.offsetSeconds === null || time.offsetSeconds === 0;
  // toUtc would make 24:00:00 the next day's 00:00:00, which PostgreSQL tells apart.
  return formatClock(isUtc ? time : toUtc({ year: 2000, month: 1, day: 1, ...time })) + zone;
}

function formatDays({ year, month, day }: CalendarDate): string {
  return `${pad(year > 0 ? year : 1 - year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

function formatEra({ year }: CalendarDate): string {
  return year > 0 ? '' : ' BC';
}
