/**
 * One value of a row, exact and ready for JSON, the same from every reader:
 *
 * | Prisma type | held as |
 * |---|---|
 * | String, Uuid | string |
 * | Enum | string, the value's Prisma name (not its `@map`ped one) |
 * | Boolean | boolean |
 * | Int | number |
 * | Float | number, NaN and the infinities included |
 * | BigInt | string of decimal digits |
 * | Decimal | string as PostgreSQL prints it ("10.00" stays "10.00"; "NaN", "Infinity", "-Infinity") |
 * | DateTime (timestamp, timestamptz) | string in UTC: `2026-01-31T12:00:00.000Z`, at least three fractional digits, up to six where the value has them |
 * | DateTime with @db.Date | `2026-01-31` |
 * | DateTime with @db.Time / Timetz | `12:00:00` with a fraction of up to six digits where there is one / the same followed by `Z`, in UTC |
 * | Json | what JSON.parse gives; a JSON null is null, as is a missing value |
 * | Bytes | string, base64 |
 * | a list | an array of these; empty where the database has NULL, as Prisma has it |
 *
 * Years outside 0000..9999 are written as ECMAScript does (`-000043-03-15` is in 44 BC, `+010000-01-01`), and
 * PostgreSQL's infinite dates and timestamps are `Infinity` and `-Infinity`.
 */
export type RowValue =
  | string
  | number
  | boolean
  | null
  | readonly RowValue[]
  | { readonly [key: string]: RowValue };

/** A row by Prisma's column names; holds at least the columns that were asked for. */
export type Row = { readonly [column: string]: RowValue };

/** Values of some key's columns, in that key's order. */
export type Key = readonly RowValue[];
