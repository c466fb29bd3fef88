import type { Column } from '../../model/model-graph.js';
import { type ArrayText, parseArrayText } from '../../model/sql/array-text.js';
import { quoteIdentifier } from '../../model/sql/identifiers.js';
import { formatIsoDate } from '../iso-time.js';
import type { RowValue } from '../row.js';
import { findTimeKind, type TimeKind } from './model-parts.js';

/**
 * Whether Prisma Client holds a column's values inexactly: a Date ends at milliseconds and knows no infinity,
 * what is read of a timetz has lost its zone, a Decimal has lost the zeros at its end.
 */
export function needsExactText(column: Column): boolean {
  return column.type === 'DateTime' || column.type === 'Decimal';
}

/** SQL for the text of such a column of the table `alias`, whatever the session's time zone and styles. */
export function exactTextSql(column: Column, alias: string): string {
  const reference = `${alias}.${quoteIdentifier(column.dbName)}`;
  const timeKind = findTimeKind(column);
  if (timeKind === null) return `${reference}::text`;
  if (!column.isList) return timeTextSql(timeKind, reference);
  return (
    `ARRAY(SELECT ${timeTextSql(timeKind, 'element')} FROM unnest(${reference})` +
    ' WITH ORDINALITY AS elements(element, place) ORDER BY place)::text'
  );
}

function timeTextSql(kind: TimeKind, reference: string): string {
  switch (kind) {
    case 'time':
      return `${reference}::text`;
    case 'timetz':
      return `(${reference} AT TIME ZONE 'UTC')::time::text || 'Z'`;
    case 'date':
      return finiteOr(reference, `to_char(${reference}, 'YYYY-MM-DD BC')`);
    case 'timestamp':
      return finiteOr(reference, `to_char(${reference}, 'YYYY-MM-DD"T"HH24:MI:SS.US BC')`);
    case 'timestamptz':
      return finiteOr(reference, `to_char(${reference} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US BC')`);
  }
}

/** to_char makes nothing of an infinity. */
function finiteOr(reference: string, text: string): string {
  return `CASE WHEN isfinite(${reference}) THEN ${text} ELSE ${reference}::text END`;
}

/** The value of which `exactTextSql` gave the text. */
export function readExactText(column: Column, text: string | null): RowValue {
  // A list that is NULL reads as an empty one, as Prisma has it.
  if (column.isList) return text === null ? [] : readElements(column, parseArrayText(text));
  return text === null ? null : readElement(column, text);
}

function readElements(column: Column, elements: ArrayText): RowValue {
  return elements.map((element) => {
    if (element === null) return null;
    return typeof element === 'string' ? readElement(column, element) : readElements(column, element);
  });
}

function readElement(column: Column, text: string): RowValue {
  const timeKind = findTimeKind(column);
  if (timeKind === null || timeKind === 'time' || timeKind === 'timetz') return text;
  if (text === 'infinity') return 'Infinity';
  if (text === '-infinity') return '-Infinity';
  const match = /^(\d+)-(\d\d)-(\d\d)(T.*?)? (AD|BC)$/.exec(text);
  if (match === null) throw new Error(`Unexpected text of ${column.name}: ${text}`);
  const [, year, month, day, clock, era] = match;
  const date = formatIsoDate({
    // ISO 8601 has a year 0, which is 1 BC.
    year: era === 'BC' ? 1 - Number(year) : Number(year),
    month: Number(month),
    day: Number(day),
  });
  // Six digits come, three stay whatever they are.
  return clock === undefined ? date : `${date}${clock.replace(/0{1,3}$/, '')}Z`;
}
