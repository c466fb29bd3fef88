import type { Column, ModelGraph } from '../../model/model-graph.js';
import type { TagColumn, TagKind } from '../tags/tag-column.js';
import type { ColumnFacts } from './capture-facts.js';
import type { ToldColumn } from './capture-spec.js';

const KINDS: ReadonlyMap<string, TagKind> = new Map([
  ['pg_catalog.int2', 'integer'],
  ['pg_catalog.int4', 'integer'],
  ['pg_catalog.int8', 'integer'],
  ['pg_catalog.uuid', 'uuid'],
  ['pg_catalog.bool', 'boolean'],
  ['pg_catalog.text', 'text'],
  ['pg_catalog.varchar', 'text'],
]);

/**
 * The kind of a column's values in tags; null where they can't stand there. The database's type decides, not the
 * model's: a domain or an extension's type may compare or print its values in ways of its own.
 */
export function findTagKind(facts: ColumnFacts | undefined, isUtf8: boolean): TagKind | null {
  if (facts === undefined) return null;
  if (facts.isEnum) return 'enum';
  const kind = KINDS.get(facts.type) ?? null;
  return kind === 'text' && !(facts.isDeterministic && isUtf8) ? null : kind;
}

/** Beside those whose values may stand in tags: types of which equal values have one text. */
const EQUAL_IS_SAME: ReadonlySet<string> = new Set(
  ['date', 'timestamp', 'timestamptz', 'time', 'timetz', 'bytea', 'oid'].map((name) => `pg_catalog.${name}`),
);

/** How a change of a column's value is noticed. The digits behind a numeric's point may differ unless they are fixed. */
export function findComparison(facts: ColumnFacts | undefined, isUtf8: boolean): ToldColumn['comparison'] {
  if (facts === undefined) return 'bytes';
  const isSame =
    findTagKind(facts, isUtf8) !== null ||
    EQUAL_IS_SAME.has(facts.type) ||
    (facts.type === 'pg_catalog.numeric' && facts.hasModifier);
  return isSame ? 'equality' : 'bytes';
}

/** The column as tags know it; an enum's labels where Prisma calls them otherwise. */
export function createTagColumn(column: Column, kind: TagKind, graph: ModelGraph): TagColumn {
  const { name, dbName, enumName } = column;
  const values = kind === 'enum' && enumName !== null ? graph.enums.get(enumName)?.values : undefined;
  const renamed = values?.filter((value) => value.name !== value.dbName) ?? [];
  if (renamed.length === 0) return { name, dbName, kind };
  return {
    name,
    dbName,
    kind,
    labels: Object.fromEntries(renamed.map((value) => [value.name, value.dbName])),
  };
}
