import { didYouMean } from '../kernel/suggestion.js';
import type { ModelGraph } from '../model/model-graph.js';
import { quoteIdentifier, quoteQualified } from '../model/sql/identifiers.js';

/** A column that is counted up by many at a time, such as how often something was looked at. */
export interface CounterDefinition {
  /** As `context.counters.add` names it. */
  readonly name: string;
  readonly model: string;
  /** Of a whole number. */
  readonly column: string;
}

/** What a counter is in the database. */
export interface CounterTarget {
  readonly name: string;
  /** Adds a part of a batch, once: its id and number, keys and amounts as lists. */
  readonly applySql: string;
  /** Adds at once: one key, one amount. */
  readonly addSql: string;
}

const NAME = /^[a-zA-Z][a-zA-Z0-9]{0,39}$/;

/** A text: what is wrong with the definition. */
export function resolveCounter(
  { name, model: modelName, column: columnName }: CounterDefinition,
  graph: ModelGraph,
  defaultSchema: string | null,
): CounterTarget | string {
  if (!NAME.test(name)) return `"${name}" is no name for a counter: ${NAME}`;
  const model = graph.models.get(modelName);
  if (model === undefined)
    return `the counter ${name} is of ${modelName}, which is no model${didYouMean(modelName, graph.models.keys())}`;
  const column = model.columns.get(columnName);
  if (column === undefined) {
    const hint = didYouMean(columnName, model.columns.keys());
    return `the counter ${name} counts ${modelName}.${columnName}, which is no column${hint}`;
  }
  if ((column.type !== 'Int' && column.type !== 'BigInt') || column.isList || column.isReadOnly)
    return `the counter ${name} counts ${modelName}.${columnName}, which is no whole number that can be written`;
  const [keyName, ...others] = model.primaryKey ?? [];
  const key = keyName === undefined ? undefined : model.columns.get(keyName);
  if (key === undefined || others.length > 0 || model.kind !== 'table')
    return `the counter ${name} is of ${modelName}, which is no table with a key of one column`;
  const table = quoteQualified(model.dbSchema ?? defaultSchema, model.dbName);
  const count = quoteIdentifier(column.dbName);
  const id = `${table}.${quoteIdentifier(key.dbName)}`;
  // A count that is full stays so: it must not keep others from being counted.
  const most = MAX_BY_TYPE[column.pgType] ?? '9223372036854775807';
  const add = (amount: string) => `least(${table}.${count}::numeric + ${amount}, ${most})::${column.pgType}`;
  return {
    name,
    applySql: `WITH batch AS (
        INSERT INTO sluice.counter_batches (id, part) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id
      )
      UPDATE ${table} SET ${count} = ${add('counts.amount')}
      FROM batch, unnest($3::text[], $4::bigint[]) AS counts (key, amount)
      WHERE ${id} = counts.key::${key.pgType}`,
    addSql: `UPDATE ${table} SET ${count} = ${add('$2::bigint')} WHERE ${id} = $1::text::${key.pgType}`,
  };
}

const MAX_BY_TYPE: Readonly<Record<string, string>> = { int2: '32767', int4: '2147483647' };
