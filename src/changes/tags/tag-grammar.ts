import { createHash } from 'node:crypto';
import { quoteIdentifier } from '../../model/sql/identifiers.js';
import { quoteLiteral } from '../../model/sql/literals.js';
import type { TagColumn, TagKind } from './tag-column.js';

/**
 * The grammar of tags, for both sides: what a read depends on is written by the functions that take values, what a
 * change voids by those ending in `Sql`, which PostgreSQL evaluates in a trigger. Both must give one text for one
 * value; a test compares them on PostgreSQL.
 *
 * | tag | says |
 * |---|---|
 * | `Animal:7`, `Enclosure:North,2` | the row with this key came, went or changed |
 * | `Animal+` | some row came or went; a changed key is one that went and one that came |
 * | `Animal+taxonId=3` | a row came to this slice or left it; rows with a NULL among its columns are in none |
 * | `Animal.name` | the column of some row changed |
 * | `Animal.name+taxonId=3` | the column of some row in the slice changed |
 * | `Animal~` | anything about some row; every change says so |
 * | `Animal*` | too much to say: all that is known of the model's rows is void |
 *
 * In values `%`, `,` and `|` are written as `%25`, `%2C` and `%7C`, so that commas part values, and bars the tags of a
 * list.
 */
export function rowTag(model: string, keyTexts: readonly string[]): string {
  return `${model}:${keyTexts.join()}`;
}

export function membershipTag(model: string): string {
  return `${model}+`;
}

export function columnTag(model: string, column: string): string {
  return `${model}.${column}`;
}

/** What is added to a membership's or column's model and column to confine it to a slice. */
export function sliceSuffix(columns: readonly TagColumn[], texts: readonly string[]): string {
  return `${suffixHead(columns)}${texts.join()}`;
}

export function sliceTag(model: string, suffix: string): string {
  return `${model}${suffix}`;
}

export function anyTag(model: string): string {
  return `${model}~`;
}

export function collapseTag(model: string): string {
  return `${model}*`;
}

/** Parts the tags of a list that is put together as one text. */
export const TAG_SEPARATOR = '|';

/** The expression for `rowTag`; NULL where a key's column is NULL. `row` is the alias that the columns belong to. */
export function rowTagSql(model: string, key: readonly TagColumn[], row: string): string {
  return concatSql(`${model}:`, key, row);
}

/** The expression for `sliceSuffix`; NULL where a column is NULL. */
export function sliceSuffixSql(columns: readonly TagColumn[], row: string): string {
  return concatSql(suffixHead(columns), columns, row);
}

/** Longer values stand in a tag as their hash. */
const MAX_CHARACTERS = 64;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
/** As long as a reader lets through, leading zeros included. */
const INTEGER = /^[+-]?\d{1,64}$/;

/**
 * The text of a row's value, or of one that rows are compared with. Null where there is none: for a value that no row
 * can have, and for NULL.
 */
export function findTagText({ kind, labels }: TagColumn, value: unknown): string | null {
  switch (kind) {
    case 'integer': {
      if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value).toString() : null;
      return typeof value === 'string' && INTEGER.test(value)
        ? BigInt(value.replace('+', '')).toString()
        : null;
    }
    case 'boolean':
      return typeof value === 'boolean' ? String(value) : null;
    case 'uuid': {
      const text = typeof value === 'string' ? value.toLowerCase() : '';
      return UUID.test(text) ? text : null;
    }
    case 'enum':
      return typeof value === 'string' ? escapeText(labels?.[value] ?? value) : null;
    case 'text':
      return typeof value === 'string' ? escapeText(value) : null;
  }
}

function escapeText(value: string): string {
  // What stands for half a character becomes U+FFFD on its way to PostgreSQL.
  const text = value.replaceAll(/\p{Surrogate}/gu, '\uFFFD');
  if (text.length > MAX_CHARACTERS && [...text].length > MAX_CHARACTERS) {
    return `#${createHash('md5').update(text).digest('hex')}`;
  }
  return text.replaceAll('%', '%25').replaceAll(',', '%2C').replaceAll('|', '%7C');
}

function textSql(kind: TagKind, reference: string): string {
  if (kind !== 'text' && kind !== 'enum') return `${reference}::text`;
  // "C" spares PostgreSQL the collation's rules, which neither lengths nor replacements depend on.
  const text = `(${reference}::text COLLATE "C")`;
  const escaped = `replace(replace(replace(${text}, '%', '%25'), ',', '%2C'), '|', '%7C')`;
  return `CASE WHEN length(${text}) > ${MAX_CHARACTERS} THEN '#' || md5(${text}) ELSE ${escaped} END`;
}

function suffixHead(columns: readonly TagColumn[]): string {
  return `+${columns.map(({ name }) => name).join()}=`;
}

function concatSql(head: string, columns: readonly TagColumn[], row: string): string {
  const texts = columns.map(({ kind, dbName }) => textSql(kind, `${row}.${quoteIdentifier(dbName)}`));
  return [quoteLiteral(head), ...texts.flatMap((text, index) => (index === 0 ? [text] : ["','", text]))].join(
    ' || ',
  );
}
