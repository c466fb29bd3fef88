import { badUserInput } from '../../kernel/sluice-error.js';
import type { Column } from '../../model/model-graph.js';
import { ALWAYS, allOf, type CompareOperator, type Condition, NEVER } from '../../reads/condition.js';
import type { RowValue } from '../../reads/row.js';
import type { FilterField, FilterTable } from '../bindings.js';
import { decodeKeyId } from '../decode-id.js';
import { checkValue } from './check-value.js';

/** The most values that one `in` or `notIn` may list. */
export const MAX_LISTED_VALUES = 10_000;
/** How deep `and`, `or`, `not` and relations may nest. */
export const MAX_FILTER_DEPTH = 12;
/** How many conditions one filter may have in all: each is a part of the statement, which PostgreSQL plans. */
export const MAX_FILTER_CONDITIONS = 1_000;

type InputPath = readonly (string | number)[];

/**
 * Turns a filter argument's value into a condition. Absent and null at the top are no filter, `{}` is true for every
 * row; below the top null is refused, because it can mean too many things (`isNull` says the one).
 *
 * @throws SluiceError `BAD_USER_INPUT` with the path of the offending value
 */
export function readFilter(table: FilterTable, value: unknown, path: InputPath): Condition {
  if (value === undefined || value === null) return ALWAYS;
  return new FilterReader(path).readFilter(table, value, path, 0);
}

/** Reads one filter argument, and counts its conditions. */
class FilterReader {
  #conditions = 0;

  constructor(private readonly argumentPath: InputPath) {}

  readFilter(table: FilterTable, value: unknown, path: InputPath, depth: number): Condition {
    if (depth > MAX_FILTER_DEPTH)
      throw badUserInput(path, `is nested more than ${MAX_FILTER_DEPTH} levels deep`);
    this.#count();
    const parts: Condition[] = [];
    for (const [name, part] of Object.entries(asInput(value, path))) {
      const field = table.fields.get(name);
      if (part === undefined || field === undefined) continue;
      parts.push(this.#readField(field, part, [...path, name], depth));
    }
    return allOf(...parts);
  }

  #readField(field: FilterField, value: unknown, path: InputPath, depth: number): Condition {
    switch (field.kind) {
      case 'and':
      case 'or': {
        const conditions = asList(value, path).map((item, index) =>
          this.readFilter(field.table(), refuseNull(item, [...path, index]), [...path, index], depth + 1),
        );
        if (field.kind === 'and') return allOf(...conditions);
        return conditions.length === 0 ? NEVER : { kind: 'any', of: conditions };
      }
      case 'not':
        return { kind: 'not', of: this.readFilter(field.table(), refuseNull(value, path), path, depth + 1) };
      case 'relation':
        return this.#readRelation(field, value, path, depth);
      case 'column':
        return allOf(
          ...Object.entries(asInput(value, path))
            .filter(([, operand]) => operand !== undefined)
            .map(([operator, operand]) => this.#readCounted(field, operator, operand, [...path, operator])),
        );
    }
  }

  #readRelation(
    field: FilterField & { kind: 'relation' },
    value: unknown,
    path: InputPath,
    depth: number,
  ): Condition {
    const relation = field.relation.name;
    const conditions = Object.entries(asInput(value, path)).flatMap(([name, part]): Condition[] => {
      if (part === undefined) return [];
      const at = [...path, name];
      const visible = field.where();
      // `is: null` asks for rows without a related one.
      if (part === null && name === 'is')
        return [{ kind: 'related', relation, quantifier: 'none', where: visible }];
      const where = allOf(visible, this.readFilter(field.table(), refuseNull(part, at), at, depth + 1));
      return [{ kind: 'related', relation, quantifier: name === 'none' ? 'none' : 'some', where }];
    });
    return allOf(...conditions);
  }

  #readCounted(
    field: FilterField & { kind: 'column' },
    operator: string,
    operand: unknown,
    path: InputPath,
  ): Condition {
    this.#count();
    return readOperator(field, operator, operand, path);
  }

  #count(): void {
    this.#conditions += 1;
    if (this.#conditions <= MAX_FILTER_CONDITIONS) return;
    throw badUserInput(this.argumentPath, `has more than ${MAX_FILTER_CONDITIONS} conditions`);
  }
}

function readOperator(
  field: FilterField & { kind: 'column' },
  operator: string,
  operand: unknown,
  path: InputPath,
): Condition {
  const column = field.column.name;
  if (operator === 'isNull') {
    if (operand === null) throw badUserInput(path, 'must be true or false, not null');
    return { kind: 'null', column, negated: operand === false };
  }
  if (operand === null && !(field.column.type === 'Json' && (operator === 'eq' || operator === 'ne'))) {
    throw badUserInput(path, 'must not be null: to ask for missing values use isNull: true');
  }
  switch (operator) {
    case 'in':
    case 'notIn':
      return { kind: 'in', column, values: readValues(field, operand, path), negated: operator === 'notIn' };
    case 'contains':
    case 'startsWith':
      return { kind: 'text', column, op: operator, value: String(readValue(field, operand, path)) };
    default: {
      const value = field.column.isList
        ? asList(operand, path).map((item, index) => readValue(field, item, [...path, index]))
        : readValue(field, operand, path);
      return { kind: 'compare', column, op: operator as CompareOperator, value };
    }
  }
}

function readValues(
  field: FilterField & { kind: 'column' },
  operand: unknown,
  path: InputPath,
): readonly RowValue[] {
  const values = asList(operand, path);
  if (values.length > MAX_LISTED_VALUES) {
    throw badUserInput(path, `lists ${values.length} values; at most ${MAX_LISTED_VALUES} are taken`);
  }
  return values.map((item, index) => readValue(field, refuseNull(item, [...path, index]), [...path, index]));
}

function readValue(field: FilterField & { kind: 'column' }, value: unknown, path: InputPath): RowValue {
  if (field.globalIdTypes.length > 0)
    return decodeKeyId(String(value), field.globalIdTypes, field.column, path);
  return readColumnValue(field.column, value, path);
}

/**
 * An input value as the row value of a column.
 *
 * @throws SluiceError `BAD_USER_INPUT` where the column's type refuses it
 */
export function readColumnValue(column: Column, value: unknown, path: InputPath): RowValue {
  const problem = checkValue(column, value as RowValue);
  if (problem !== null) throw badUserInput(path, problem);
  if (column.type === 'Int' || column.type === 'Float') {
    if (typeof value !== 'string') return value as RowValue;
    // "NaN" is asked of a Float column by way of Decimal; Number() knows the infinities' names too.
    return Number(value);
  }
  if (column.type === 'BigInt') return BigInt(String(value)).toString();
  if (column.type === 'Decimal') return String(value);
  if (column.pgType === 'uuid') return String(value).toLowerCase();
  return value as RowValue;
}

function asInput(value: unknown, path: InputPath): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null)
    throw badUserInput(path, 'must not be null: leave it out instead');
  return value as Readonly<Record<string, unknown>>;
}

function asList(value: unknown, path: InputPath): readonly unknown[] {
  if (value === null) throw badUserInput(path, 'must not be null: leave it out instead');
  return Array.isArray(value) ? value : [value];
}

function refuseNull(value: unknown, path: InputPath): unknown {
  if (value === null) throw badUserInput(path, 'must not be null');
  return value;
}
