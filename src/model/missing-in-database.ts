import { type IndexFacts, listJoinTables } from './index-facts.js';
import type { ModelGraph } from './model-graph.js';
import { quoteQualified } from './sql/identifiers.js';

/**
 * One line for each table, column, enum and enum value that the graph has and the database lacks, in the
 * graph's order: a database whose schema lags. Empty: whatever the graph names can be read.
 */
export function findMissingInDatabase(graph: ModelGraph, facts: IndexFacts): readonly string[] {
  const missing: string[] = [];
  for (const type of graph.enums.values()) {
    const values = facts.enums.get(type.name);
    const name = `enum ${quoteQualified(type.dbSchema, type.dbName)}`;
    if (values === undefined) missing.push(name);
    for (const { dbName } of values === undefined ? [] : type.values) {
      if (!values?.includes(dbName)) missing.push(`value '${dbName}' of ${name}`);
    }
  }
  for (const model of graph.models.values()) {
    const table = facts.tables.get(model.name);
    const name = `${model.kind} ${quoteQualified(model.dbSchema, model.dbName)}`;
    if (table === undefined) missing.push(name);
    for (const { dbName } of table === undefined ? [] : model.columns.values()) {
      if (!table?.dbColumns.has(dbName)) missing.push(`column "${dbName}" of ${name}`);
    }
  }
  for (const { relationName, schema, table } of listJoinTables(graph)) {
    if (!facts.joinTables.has(relationName)) missing.push(`table ${quoteQualified(schema, table)}`);
  }
  return missing;
}
