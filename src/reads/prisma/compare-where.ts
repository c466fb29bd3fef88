import type { Column, EnumType, Model } from '../../model/model-graph.js';
import type { CompareOperator, Condition } from '../condition.js';
import { findEnum, findTimeKind, getColumn } from './model-parts.js';
import type { PrismaSource, PrismaWhere } from './prisma-client-port.js';
import { checkValue, findPrismaInput, splitMoment } from './prisma-input.js';
import { selectEnumValues } from './raw-select.js';
import { rawCompare, rawJoin, rawWhere, SQL_OPERATORS } from './raw-where.js';
import { EVERY, NONE, someOf } from './where-logic.js';

type Comparison = Extract<Condition, { kind: 'compare' }>;
type Membership = Extract<Condition, { kind: 'in' }>;

/** A comparison with one value. */
export async function compareWhere(
  source: PrismaSource,
  model: Model,
  leaf: Comparison,
): Promise<PrismaWhere> {
  const column = getColumn(model, leaf.column);
  const { op, value } = leaf;
  const enumType = findEnum(source.graph, column);
  checkValue(column, enumType, value);
  const isEquality = op === 'eq' || op === 'ne';
  if (!isEquality && !column.isList) {
    if (column.type === 'Boolean') return booleanWhere(column, op, value === true);
    if (enumType !== null) return enumOrderWhere(source, column, enumType, op, String(value));
  }
  const isOrdered = !column.isList && column.type !== 'Json' && column.type !== 'Bytes';
  const found = isEquality || isOrdered ? findPrismaInput(column, value) : null;
  if (found === null) {
    const exact = exactTimeWhere(source, model, leaf);
    return exact ?? rawWhere(source, model, rawCompare(source, column, op, value));
  }
  switch (op) {
    case 'eq':
      return { [column.name]: { equals: found.input } };
    case 'ne':
      return { NOT: { [column.name]: { equals: found.input } } };
    default:
      return { [column.name]: { [op]: found.input } };
  }
}

/** Prisma has no order of booleans; false comes before true. */
function booleanWhere(column: Column, op: CompareOperator, value: boolean): PrismaWhere {
  const holds = {
    eq: (candidate: boolean) => candidate === value,
    ne: (candidate: boolean) => candidate !== value,
    lt: (candidate: boolean) => candidate < value,
    lte: (candidate: boolean) => candidate <= value,
    gt: (candidate: boolean) => candidate > value,
    gte: (candidate: boolean) => candidate >= value,
  }[op];
  return someOf([false, true].filter(holds).map((equals) => ({ [column.name]: { equals } })));
}

/** Prisma has no order of enum values, and PostgreSQL's may differ from the schema file's. */
async function enumOrderWhere(
  source: PrismaSource,
  column: Column,
  enumType: EnumType,
  op: CompareOperator,
  value: string,
): Promise<PrismaWhere> {
  const dbName = enumType.values.find(({ name }) => name === value)?.dbName ?? value;
  const dbNames = await selectEnumValues(source, enumType, SQL_OPERATORS[op], dbName);
  const names = enumType.values
    .filter((candidate) => dbNames.includes(candidate.dbName))
    .map(({ name }) => name);
  return { [column.name]: { in: names } };
}

/**
 * A timestamp with microseconds: Prisma compares with the whole milliseconds around it, and only the rows
 * between those, few as a rule, are told apart by a statement. Null for other columns.
 */
function exactTimeWhere(source: PrismaSource, model: Model, leaf: Comparison): Promise<PrismaWhere> | null {
  const column = getColumn(model, leaf.column);
  const timeKind = findTimeKind(column);
  if (column.isList || (timeKind !== 'timestamp' && timeKind !== 'timestamptz')) return null;
  const moment = splitMoment(String(leaf.value));
  if (moment === null) return null;
  const from = moment.millisecond;
  const until = new Date(from.getTime() + 1);
  const window = [
    rawCompare(source, column, 'gte', from.toISOString()),
    rawCompare(source, column, 'lt', until.toISOString()),
    rawCompare(source, column, leaf.op, leaf.value),
  ];
  const before: PrismaWhere = { [column.name]: { lt: from } };
  const behind: PrismaWhere = { [column.name]: { gte: until } };
  const outside = {
    eq: [],
    ne: [before, behind],
    lt: [before],
    lte: [before],
    gt: [behind],
    gte: [behind],
  }[leaf.op];
  return rawWhere(source, model, rawJoin(window, 'AND')).then((within) => someOf([...outside, within]));
}

/** Whether a column has one of some values. */
export async function inWhere(source: PrismaSource, model: Model, leaf: Membership): Promise<PrismaWhere> {
  const column = getColumn(model, leaf.column);
  const enumType = findEnum(source.graph, column);
  for (const value of leaf.values) checkValue(column, enumType, value);
  if (leaf.values.length === 0) return leaf.negated ? EVERY : NONE;
  const found = leaf.values.map((value) => findPrismaInput(column, value));
  if (found.includes(null)) {
    const either = leaf.values.map((value) => rawCompare(source, column, 'eq', value));
    const { sql, values } = rawJoin(either, 'OR');
    return rawWhere(source, model, { sql: leaf.negated ? `NOT ${sql}` : sql, values });
  }
  const inputs = found.map((each) => each?.input);
  if (column.isList || column.type === 'Json' || column.type === 'Boolean') {
    // Their filters have no `in`.
    const either = { OR: inputs.map((input) => ({ [column.name]: { equals: input } })) };
    return leaf.negated ? { NOT: either } : either;
  }
  return { [column.name]: leaf.negated ? { notIn: inputs } : { in: inputs } };
}
