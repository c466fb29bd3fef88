import type { RowValue } from '../row.js';
import type { Aggregate } from '../row-reader.js';
import type { ColumnSql } from './column-sql.js';
import type { TextRow } from './row-decoder.js';
import { comparable, type Source } from './source.js';

/** An aggregate as it is selected, and how its result is read. */
export interface AggregateSql {
  readonly sql: string;
  readonly decode: (text: string) => RowValue;
  /** The result over no rows. */
  readonly empty: RowValue;
}

/** @throws TypeError for an aggregate that its column's type doesn't have: the binding offers none. */
export function aggregateSql(source: Source, aggregate: Aggregate): AggregateSql {
  const { fn } = aggregate;
  if (fn === 'count') return { sql: 'count(*)', decode: Number, empty: 0 };
  if (aggregate.column === null) throw new TypeError(`The aggregate ${fn} needs a column.`);
  const column = source.model.getColumn(aggregate.column);
  const reference = comparable(source, column);
  if (fn === 'min' || fn === 'max') return extremeSql(fn, column, reference);
  const { type, name, isList } = column.column;
  if (isList || !(type === 'Int' || type === 'BigInt' || type === 'Float' || type === 'Decimal')) {
    throw new TypeError(`The column ${name} has no ${fn}.`);
  }
  // There is no sum of oid.
  const summable = column.parameterType === 'oid' ? `${reference}::int8` : reference;
  const sql = `${fn}(${summable})`;
  if (fn === 'sum') return { sql, decode: type === 'Float' ? Number : keepText, empty: null };
  return { sql, decode: type === 'Decimal' ? trimZeros : Number, empty: null };
}

/** Values over one group of rows; `text` null where no row is in it. */
export function decodeAggregates(
  aggregates: readonly AggregateSql[],
  text: TextRow | null,
  offset: number,
): readonly RowValue[] {
  return aggregates.map(({ decode, empty }, index) => {
    const value = text?.[offset + index];
    return value === null || value === undefined ? empty : decode(value);
  });
}

/** Some types have an order but no min and max: their least and greatest are found by way of another. */
function extremeSql(fn: 'min' | 'max', column: ColumnSql, reference: string): AggregateSql {
  const { decode } = column;
  switch (column.parameterType) {
    case 'bool':
    case 'boolean':
      return { sql: `${fn === 'min' ? 'bool_and' : 'bool_or'}(${reference})`, decode, empty: null };
    case 'uuid':
      return { sql: `${fn}(${reference}::text COLLATE "C")`, decode, empty: null };
    case 'bytea':
      return { sql: `'\\x' || ${fn}(encode(${reference}, 'hex') COLLATE "C")`, decode, empty: null };
    default:
      return { sql: `${fn}(${reference})`, decode, empty: null };
  }
}

function keepText(text: string): string {
  return text;
}

/** PostgreSQL prints averages to at least 16 digits. */
function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
