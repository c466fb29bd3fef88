import { quoteIdentifier } from '../../model/sql/identifiers.js';
import { quoteLiteral } from '../../model/sql/literals.js';
import {
  anyTag,
  collapseTag,
  columnTag,
  membershipTag,
  rowTagSql,
  sliceSuffixSql,
  sliceTag,
  TAG_SEPARATOR,
} from '../tags/tag-grammar.js';
import type { CaptureSpec, ToldColumn } from './capture-spec.js';

export type CapturedOperation = 'insert' | 'update' | 'delete';

/**
 * A statement that changes more rows of a model than this is told as "anything may have changed". (In `row` mode: a
 * transaction.)
 */
export const MAX_TOLD_ROWS = 100;

/**
 * The body of the function behind a trigger, in PL/pgSQL. Whatever it fails at fails the write, so it does nothing
 * that can fail on some row but not on another: no casts but to text, no look-ups, one table that only grows. There is
 * no handler for errors: a write whose change isn't told must not be committed, and a handler costs a subtransaction.
 */
export function triggerBody(spec: CaptureSpec, operation: CapturedOperation): string {
  const inserts = insertSql(spec, operation);
  if (spec.mode === 'row') return rowBody(spec.model, inserts);
  return operation === 'update' && spec.identity !== null
    ? plainBody(inserts)
    : countingBody(spec.model, inserts);
}

/**
 * Measured to be the cheapest that holds for all sizes (npm run bench:changes): a trigger per row is a little cheaper
 * where a statement changes one row, and dearer than all else where it changes many. One INSERT does it for few rows;
 * of many it looks at the first ones alone, so that nothing grows with their number.
 */
function plainBody(inserts: readonly string[]): string {
  return `#variable_conflict use_column
BEGIN
  ${inserts.join(';\n  ')};
  RETURN NULL;
END`;
}

/** As `plainBody`, for inserts that don't notice by themselves that there are too many rows. */
function countingBody(model: string, inserts: readonly string[]): string {
  const [first, ...others] = inserts;
  const rest = others.map((insert) => `\n  ELSE\n    ${insert};`).join('');
  return `#variable_conflict use_column
DECLARE
  told bigint;
BEGIN
  ${first};
  GET DIAGNOSTICS told = ROW_COUNT;
  IF told > ${MAX_TOLD_ROWS} THEN
    INSERT INTO sluice.outbox (tags) VALUES (${collapseSql(model)});${rest}
  END IF;
  RETURN NULL;
END`;
}

/**
 * The count of rows is kept in a setting that ends with the transaction, and that a rollback to a savepoint undoes
 * together with what was told since. It names model and transaction: whoever sets it otherwise starts the count anew.
 * Its length is the count, so that there is no number to misread.
 */
function rowBody(model: string, inserts: readonly string[]): string {
  const setting = quoteLiteral(`sluice.rows_${model}`);
  return `#variable_conflict use_column
DECLARE
  mark text := ${quoteLiteral(`${model} `)} || pg_current_xact_id()::text || ' ';
  rows text := coalesce(current_setting(${setting}, true), '');
BEGIN
  IF NOT starts_with(rows, mark) THEN
    rows := mark;
  END IF;
  IF length(rows) > length(mark) + ${MAX_TOLD_ROWS} THEN
    RETURN NULL;
  END IF;
  rows := rows || '.';
  PERFORM set_config(${setting}, rows, true);
  IF length(rows) > length(mark) + ${MAX_TOLD_ROWS} THEN
    INSERT INTO sluice.outbox (tags) VALUES (${collapseSql(model)});
  ELSE
    ${inserts.join(';\n    ')};
  END IF;
  RETURN NULL;
END`;
}

function insertSql(spec: CaptureSpec, operation: CapturedOperation): readonly string[] {
  if (operation === 'insert') return [membershipInsert(spec, 'new')];
  if (operation === 'delete') return [membershipInsert(spec, 'old')];
  if (spec.identity === null) return [replacementInsert(spec, 'old'), replacementInsert(spec, 'new')];
  return [changeInsert(spec, spec.identity)];
}

type Side = 'old' | 'new';

/** A row came or went. */
function membershipInsert(spec: CaptureSpec, side: Side): string {
  return toInsert(listSql(membershipSql(spec)), sourceSql(spec, side, 'r'));
}

/** A row of a model without a key changed: its former and its new version can't be brought together. */
function replacementInsert(spec: CaptureSpec, side: Side): string {
  const columns = spec.columns.map(({ name }) => columnSql(spec, name, 'r'));
  return toInsert(listSql([...membershipSql(spec), ...columns]), sourceSql(spec, side, 'r'));
}

/**
 * A row changed. Both versions are found by their key; one whose key changed finds no other, and is told as
 * everything: that is rare, and the other version may be beyond the rows that are looked at. Rows of both versions
 * come in one order, so the first ones of each belong together; one more of the old ones is looked at than of the new
 * ones, and so it is everything that is told where there are more.
 */
function changeInsert(spec: CaptureSpec, identity: NonNullable<CaptureSpec['identity']>): string {
  const pairs = identity.map(({ dbName, kind }) => {
    const [a, b] = [`a.${quoteIdentifier(dbName)}`, `b.${quoteIdentifier(dbName)}`];
    return kind === null ? sameBytesSql(a, b) : `${a} = ${b}`;
  });
  const [lost] = identity.map(({ dbName }) => `b.${quoteIdentifier(dbName)} IS NULL`);
  const comparisons = new Map(spec.columns.map((column) => [column.name, column.comparison]));
  const parts = [
    quoteLiteral(anyTag(spec.model)),
    ...rowSql(spec, 'b'),
    ...spec.slices
      // What is in the key changes with the key alone.
      .filter((slice) => slice.some(({ name }) => comparisons.has(name)))
      .map((slice) => {
        const changed = slice
          .filter(({ name }) => comparisons.has(name))
          .map(({ name, dbName }) => changedSql(dbName, comparisons.get(name)));
        const tags = ['a', 'b'].map((row) => partSql(sliceTag(spec.model, ''), sliceSuffixSql(slice, row)));
        return `CASE WHEN ${changed.join(' OR ')} THEN ${tags.join(' || ')} ELSE '' END`;
      }),
    ...spec.columns.map(
      ({ name, dbName, comparison }) =>
        `CASE WHEN ${changedSql(dbName, comparison)} THEN ${columnSql(spec, name, 'b')} ELSE '' END`,
    ),
  ];
  return toInsert(
    `CASE WHEN ${lost} THEN ${collapseSql(spec.model)} ELSE ${listSql(parts)} END`,
    `${sourceSql(spec, 'old', 'a')}\n    LEFT JOIN ${sourceSql(spec, 'new', 'b', MAX_TOLD_ROWS)} ON ${pairs.join(' AND ')}`,
  );
}

function toInsert(tags: string, from: string): string {
  return `INSERT INTO sluice.outbox (tags)\n    SELECT ${tags}\n    FROM ${from}`;
}

function changedSql(dbName: string, comparison: ToldColumn['comparison'] | undefined): string {
  const [a, b] = [`a.${quoteIdentifier(dbName)}`, `b.${quoteIdentifier(dbName)}`];
  return comparison === 'equality' ? `${a} IS DISTINCT FROM ${b}` : `NOT ${sameBytesSql(a, b)}`;
}

function sameBytesSql(a: string, b: string): string {
  return `record_image_eq(ROW(${a}), ROW(${b}))`;
}

/** The list of tags that parts make which each begin with a separator, the first one aside. */
function listSql(parts: readonly string[]): string {
  return `string_to_array(${parts.join('\n      || ')}, ${quoteLiteral(TAG_SEPARATOR)})`;
}

function membershipSql(spec: CaptureSpec): readonly string[] {
  const always = `${anyTag(spec.model)}${TAG_SEPARATOR}${membershipTag(spec.model)}`;
  const slices = spec.slices.length === 0 ? [] : [inSlicesSql(sliceTag(spec.model, ''), 'r')];
  return [quoteLiteral(always), ...rowSql(spec, 'r'), ...slices];
}

function rowSql(spec: CaptureSpec, row: string): readonly string[] {
  return spec.key === null ? [] : [partSql('', rowTagSql(spec.model, spec.key, row))];
}

/** A column's tag, and that within each slice that the row is in. */
function columnSql(spec: CaptureSpec, column: string, row: string): string {
  const tag = columnTag(spec.model, column);
  const alone = quoteLiteral(`${TAG_SEPARATOR}${tag}`);
  return spec.slices.length === 0 ? alone : `${alone} || ${inSlicesSql(tag, row)}`;
}

/** A tag with the suffix of each slice: one replacement in the list of all suffixes, however many there are. */
function inSlicesSql(tag: string, row: string): string {
  return `replace(${row}.${SUFFIXES}, ${quoteLiteral(TAG_SEPARATOR)}, ${quoteLiteral(`${TAG_SEPARATOR}${tag}`)})`;
}

/** A part of a list; empty where the expression is NULL. */
function partSql(head: string, expression: string): string {
  return `coalesce(${quoteLiteral(`${TAG_SEPARATOR}${head}`)} || ${expression}, '')`;
}

function collapseSql(model: string): string {
  return `ARRAY[${quoteLiteral(collapseTag(model))}]`;
}

/** Beside a table's columns: no column has a space before its name. */
const SUFFIXES = quoteIdentifier(' suffixes');

/** The columns that tags are made of, and the list of the slices' suffixes. */
function sourceSql(spec: CaptureSpec, side: Side, alias: string, maxRows = MAX_TOLD_ROWS + 1): string {
  const table = spec.mode === 'row' ? side.toUpperCase() : `${side}_rows`;
  const names = new Set(
    [...(spec.key ?? []), ...(spec.identity ?? []), ...spec.columns].map(({ dbName }) => dbName),
  );
  const list = [...names].map((name) => `${table}.${quoteIdentifier(name)}`);
  if (alias !== 'a' && spec.slices.length > 0) {
    const suffixes = spec.slices.map((slice) => partSql('', sliceSuffixSql(slice, table)));
    list.push(`${suffixes.join(' || ')} AS ${SUFFIXES}`);
  }
  // OFFSET 0 has PostgreSQL make the list once, not wherever it is used.
  const from = spec.mode === 'row' ? ' OFFSET 0' : ` FROM ${table} LIMIT ${maxRows}`;
  return `(SELECT ${list.join(', ')}${from}) AS ${alias}`;
}
