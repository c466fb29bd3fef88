import { badUserInput } from '../../kernel/sluice-error.js';
import { formatArrayText } from '../../model/sql/array-text.js';
import type { Condition } from '../condition.js';
import { NUL_FAULT } from '../value-fault.js';
import type { ColumnSql } from './column-sql.js';

type Of<Kind extends Condition['kind']> = Extract<Condition, { kind: Kind }>;

/** The parameter that a comparison takes; or what stands in its text, as `literalOf` says. */
export function comparedParameter(column: ColumnSql, condition: Of<'compare'>): string | null {
  return column.encode(condition.value);
}

/**
 * Booleans stand in the text, as there are only two: partial indexes (`WHERE is_published`) then serve also a plan that
 * was made without knowing the parameters. Null: the value is a parameter.
 */
export function literalOf(column: ColumnSql, parameter: string | null): string | null {
  return column.parameterType === 'bool' && parameter !== null ? parameter.toUpperCase() : null;
}

/** One array for all values: an empty one makes `= ANY` false and `<> ALL` true, also for NULL. */
export function listParameter(column: ColumnSql, condition: Of<'in'>): string {
  return formatArrayText(condition.values.map((value) => column.encode(value)));
}

/** A pattern for LIKE in which the text stands for itself. */
export function patternParameter(condition: Of<'text'>): string {
  if (condition.value.includes('\0')) throw badUserInput([condition.column], NUL_FAULT);
  const text = condition.value.replaceAll(/[\\%_]/g, '\\$&');
  return condition.op === 'contains' ? `%${text}%` : `${text}%`;
}
