import { quoteIdentifier } from '../../model/sql/identifiers.js';
import { quoteLiteral } from '../../model/sql/literals.js';
import {
  anyTag,
  collapseTag,
  columnTag,
  membershipTag,
  rowTagSql,
  sliceSuffixSql,
} from '../tags/tag-grammar.js';
import type { CaptureSpec } from './capture-spec.js';

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
  const insert = insertSql(spec, operation);
  return spec.mode === 'row' ? rowBody(spec.model, insert) : statementBody(spec.model, insert);
}

/**
 * Shown to be the cheapest that holds for all sizes (npm run bench:changes): a trigger per row is cheaper where a
 * statement changes one row, and dearer than the whole statement may be where it changes many. One INSERT does it for
 * few rows; of many it looks at the first ones alone, so that nothing grows with their number.
 */
function statementBody(model: string, inserts: readonly string[]): string {
  const [first, ...others] = inserts;
  return `#variable_conflict use_column
DECLARE
  told bigint;
BEGIN
  ${first};
  GET DIAGNOSTICS told = ROW_COUNT;
  IF told > ${MAX_TOLD_ROWS} THEN
    INSERT INTO sluice.outbox (tags) VALUES (${collapseSql(model)});${others.length === 0 ? '' : `\n  ELSE\n    ${others.join(';\n    ')};`}
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
  return toInsert(arraySql(membershipTags(spec, 'r')), sourceSql(spec, side, 'r'));
}

/** A row of a model without a key changed: its former and its new version can't be brought together. */
function replacementInsert(spec: CaptureSpec, side: Side): string {
  const tags = [
    ...membershipTags(spec, 'r'),
    ...spec.columns.flatMap(({ name }) => columnTags(spec, name, 'r')),
  ];
  return toInsert(arraySql(tags), sourceSql(spec, side, 'r'));
}

/**
 * A row changed. Both versions are found by their key; one whose key changed finds no other, and is told as
 * everything: that is rare, and the other version may be beyond the rows that are looked at. Rows of both versions
 * come in one order, so the first ones of each belong together.
 */
function changeInsert(spec: CaptureSpec, identity: NonNullable<CaptureSpec['identity']>): string {
  const pairs = identity.map(({ dbName, kind }) => {
    const [a, b] = [`a.${quoteIdentifier(dbName)}`, `b.${quoteIdentifier(dbName)}`];
    return kind === null ? `record_image_eq(ROW(${a}), ROW(${b}))` : `${a} = ${b}`;
  });
  const lost = identity.map(({ dbName }) => `b.${quoteIdentifier(dbName)} IS NULL`).slice(0, 1);
  const always = [quoteLiteral(anyTag(spec.model)), ...rowTags(spec, 'b')];
  const parts = [
    ...spec.slices.map((slice, index) => {
      const tags = ['a', 'b'].map((row) => sliceTagSql(spec.model, index, row));
      return guardSql(
        slice.map(({ dbName }) => dbName),
        tags,
      );
    }),
    ...spec.columns.map(({ name, dbName }) => guardSql([dbName], columnTags(spec, name, 'b'))),
  ];
  const tags = [`ARRAY[${always.join(', ')}]`, ...parts].join('\n      || ');
  const whole = spec.slices.length === 0 ? tags : `array_remove(${tags}, NULL)`;
  return toInsert(
    `CASE WHEN ${lost.join()} THEN ${collapseSql(spec.model)} ELSE ${whole} END`,
    `${sourceSql(spec, 'old', 'a')}\n    LEFT JOIN ${sourceSql(spec, 'new', 'b')} ON ${pairs.join(' AND ')}`,
  );
}

function toInsert(tags: string, from: string): string {
  return `INSERT INTO sluice.outbox (tags)\n    SELECT ${tags}\n    FROM ${from}`;
}

/**
 * Compared by their bytes: values that are equal may still read differently (1.0 and 1.00, citext, -0), and some
 * types know no equality.
 */
function guardSql(dbNames: readonly string[], tags: readonly string[]): string {
  const [a, b] = ['a', 'b'].map((row) => dbNames.map((name) => `${row}.${quoteIdentifier(name)}`).join(', '));
  return `CASE WHEN record_image_ne(ROW(${a}), ROW(${b})) THEN ARRAY[${tags.join(', ')}] END`;
}

function membershipTags(spec: CaptureSpec, row: string): readonly string[] {
  return [
    quoteLiteral(anyTag(spec.model)),
    quoteLiteral(membershipTag(spec.model)),
    ...rowTags(spec, row),
    ...spec.slices.map((_, index) => sliceTagSql(spec.model, index, row)),
  ];
}

function rowTags(spec: CaptureSpec, row: string): readonly string[] {
  return spec.key === null ? [] : [rowTagSql(spec.model, spec.key, row)];
}

/** Not for a slice of the column itself: what changes there has come to the slice or left it. */
function columnTags(spec: CaptureSpec, column: string, row: string): readonly string[] {
  const tag = columnTag(spec.model, column);
  const inSlices = spec.slices.flatMap((slice, index) =>
    slice.some(({ name }) => name === column) ? [] : [sliceTagSql(tag, index, row)],
  );
  return [quoteLiteral(tag), ...inSlices];
}

function sliceTagSql(tag: string, slice: number, row: string): string {
  return `${quoteLiteral(tag)} || ${row}.${suffixName(slice)}`;
}

/** NULLs come from slices that the row isn't in. */
function arraySql(tags: readonly string[]): string {
  return `array_remove(ARRAY[${tags.join(', ')}], NULL)`;
}

function collapseSql(model: string): string {
  return `ARRAY[${quoteLiteral(collapseTag(model))}]`;
}

function suffixName(slice: number): string {
  return quoteIdentifier(`slice ${slice}`);
}

/** The columns that tags are made of, and the slices' suffixes, each made once. */
function sourceSql(spec: CaptureSpec, side: Side, alias: string): string {
  const table = spec.mode === 'row' ? side.toUpperCase() : `${side}_rows`;
  const names = new Set([
    ...[...(spec.key ?? []), ...(spec.identity ?? []), ...spec.columns].map(({ dbName }) => dbName),
  ]);
  const list = [
    ...[...names].map((name) => `${table}.${quoteIdentifier(name)}`),
    ...spec.slices.map((slice, index) => `${sliceSuffixSql(slice, table)} AS ${suffixName(index)}`),
  ];
  const from = spec.mode === 'row' ? '' : ` FROM ${table} LIMIT ${MAX_TOLD_ROWS + 1}`;
  return `(SELECT ${list.join(', ')}${from}) AS ${alias}`;
}
