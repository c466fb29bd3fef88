import type { Column, EnumType, Model, ModelGraph, Relation } from '../../model/model-graph.js';

export function getModel(graph: ModelGraph, name: string): Model {
  const model = graph.models.get(name);
  if (model === undefined) throw new Error(`The model graph has no model ${name}.`);
  return model;
}

export function getColumn(model: Model, name: string): Column {
  const column = model.columns.get(name);
  if (column === undefined) throw new Error(`${model.name} has no column ${name}.`);
  return column;
}

export function getRelation(model: Model, name: string): Relation {
  const relation = model.relations.get(name);
  if (relation === undefined) throw new Error(`${model.name} has no relation ${name}.`);
  return relation;
}

export function findEnum(graph: ModelGraph, column: Column): EnumType | null {
  return column.enumName === null ? null : (graph.enums.get(column.enumName) ?? null);
}

export type TimeKind = 'date' | 'time' | 'timetz' | 'timestamp' | 'timestamptz';

/** What a DateTime column holds; null for other columns. */
export function findTimeKind(column: Column): TimeKind | null {
  if (column.type !== 'DateTime') return null;
  const kind = /^(?:timestamptz|timestamp|timetz|time|date)/.exec(column.pgType)?.[0];
  return (kind ?? 'timestamp') as TimeKind;
}

/**
 * The columns by which a row is found again in a second statement: of the keys without null the first that
 * Prisma Client compares exactly, which it doesn't do with times and floats. Null for a view without a key, and
 * for a model that these alone tell apart.
 */
export function findIdentity(model: Model): readonly string[] | null {
  const isExact = (name: string): boolean => {
    const column = getColumn(model, name);
    const timeKind = findTimeKind(column);
    return !column.isNullable && column.type !== 'Float' && (timeKind === null || timeKind === 'date');
  };
  return model.uniques.find((unique) => unique.every(isExact)) ?? null;
}
