import type { FilterField, FilterTable, OrderTable, RowTarget, UniqueLookup } from '../bindings.js';
import { MAX_FILTER_DEPTH } from '../inputs/read-filter.js';
import type { Access } from './access.js';

type Values = Readonly<Record<string, unknown>>;
type InputPath = readonly (string | number)[];

/**
 * Refuses arguments that would tell of what the viewer may not see: rows that are filtered or ordered by a hidden column
 * show its values.
 *
 * @throws SluiceError `UNAUTHENTICATED` or `FORBIDDEN` with the path of the first such value
 */
export function checkInputs(access: Access, target: RowTarget, args: Values): void {
  if (!access.limitsInputs) return;
  const { filter, orderBy } = args;
  if (target.filter !== null) checkFilter(access, target.filter, filter, ['filter'], 0);
  if (target.order !== null) checkOrder(access, target.order, target.model.name, orderBy);
}

/** The same for the arguments of a field that finds one row. */
export function checkLookup(
  access: Access,
  model: string,
  uniques: readonly UniqueLookup[],
  args: Values,
): void {
  if (!access.limitsInputs) return;
  for (const { name, column } of uniques.flatMap((unique) => unique.arguments)) {
    if (column === null || args[name] === undefined || args[name] === null) continue;
    if (access.forbidsColumn(model, column.name))
      throw access.refuseInput([name], 'columns', model, column.name);
  }
}

function checkFilter(
  access: Access,
  table: FilterTable,
  value: unknown,
  path: InputPath,
  depth: number,
): void {
  // Deeper ones are refused when they are read.
  if (typeof value !== 'object' || value === null || depth > MAX_FILTER_DEPTH) return;
  for (const [name, part] of Object.entries(value)) {
    const field = table.fields.get(name);
    if (field !== undefined && part !== undefined) {
      checkFilterField(access, table.model.name, field, part, [...path, name], depth);
    }
  }
}

function checkFilterField(
  access: Access,
  model: string,
  field: FilterField,
  value: unknown,
  path: InputPath,
  depth: number,
): void {
  switch (field.kind) {
    case 'column':
      if (access.forbidsColumn(model, field.column.name))
        throw access.refuseInput(path, 'columns', model, field.column.name);
      break;
    case 'relation':
      if (access.forbidsRelation(model, field.relation.name))
        throw access.refuseInput(path, 'relations', model, field.relation.name);
      for (const [quantifier, part] of Object.entries(value ?? {}))
        checkFilter(access, field.table(), part, [...path, quantifier], depth + 1);
      break;
    case 'not':
      checkFilter(access, field.table(), value, path, depth + 1);
      break;
    case 'and':
    case 'or':
      for (const [index, part] of (Array.isArray(value) ? value : []).entries())
        checkFilter(access, field.table(), part, [...path, index], depth + 1);
      break;
  }
}

function checkOrder(access: Access, table: OrderTable, model: string, value: unknown): void {
  const terms: readonly unknown[] = Array.isArray(value) ? value : [value];
  for (const [index, term] of terms.entries()) {
    const { field } = (term ?? {}) as { readonly field?: unknown };
    const column = table.columns.get(String(field));
    if (column === undefined || !access.forbidsColumn(model, column.name)) continue;
    throw access.refuseInput(['orderBy', index, 'field'], 'columns', model, column.name);
  }
}
