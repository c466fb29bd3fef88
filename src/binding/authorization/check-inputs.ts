import type { FilterField, FilterTable, OrderTable, RowTarget, RowType, UniqueLookup } from '../bindings.js';
import { MAX_FILTER_DEPTH } from '../inputs/read-filter.js';
import type { Access } from './access.js';
import { mayReadColumn, mayReadRelation } from './may-read.js';

type Values = Readonly<Record<string, unknown>>;
type InputPath = readonly (string | number)[];

/**
 * Refuses arguments that would tell of what the viewer may not see: rows that are filtered or ordered by a hidden column
 * show its values.
 *
 * @throws SluiceError `UNAUTHENTICATED` or `FORBIDDEN` with the path of the first such value
 */
export function checkInputs(
  access: Access,
  { filter, order, model, rowType }: RowTarget,
  args: Values,
): void {
  if (!access.limitsInputs) return;
  if (filter !== null) new FilterCheck(access).check(filter, rowType, args.filter, ['filter'], 0);
  if (order !== null) checkOrder(access, order, model.name, rowType, args.orderBy);
}

/** The same for the arguments of a field that finds one row. */
export function checkLookup(
  access: Access,
  target: RowType,
  uniques: readonly UniqueLookup[],
  args: Values,
): void {
  if (!access.limitsInputs) return;
  for (const { name, column } of uniques.flatMap((unique) => unique.arguments)) {
    if (column === null || args[name] === undefined || args[name] === null) continue;
    checkColumn(access, target.model.name, target, column.name, [name]);
  }
}

class FilterCheck {
  constructor(private readonly access: Access) {}

  /** `rowType`: what the filtered rows are shown as; null where that isn't known. */
  check(table: FilterTable, rowType: RowType | null, value: unknown, path: InputPath, depth: number): void {
    // Deeper ones are refused when they are read.
    if (typeof value !== 'object' || value === null || depth > MAX_FILTER_DEPTH) return;
    for (const [name, part] of Object.entries(value)) {
      const field = table.fields.get(name);
      if (field === undefined || part === undefined) continue;
      this.#checkField(table.model.name, rowType, field, part, [...path, name], depth);
    }
  }

  #checkField(
    model: string,
    rowType: RowType | null,
    field: FilterField,
    value: unknown,
    path: InputPath,
    depth: number,
  ): void {
    switch (field.kind) {
      case 'column':
        checkColumn(this.access, model, rowType, field.column.name, path);
        break;
      case 'relation':
        checkRelation(this.access, model, rowType, field.relation.name, path);
        for (const [quantifier, part] of Object.entries(value ?? {}))
          this.check(field.table(), null, part, [...path, quantifier], depth + 1);
        break;
      case 'not':
        this.check(field.table(), rowType, value, path, depth + 1);
        break;
      default:
        for (const [index, part] of (Array.isArray(value) ? value : []).entries())
          this.check(field.table(), rowType, part, [...path, index], depth + 1);
    }
  }
}

function checkOrder(
  access: Access,
  table: OrderTable,
  model: string,
  rowType: RowType | null,
  value: unknown,
): void {
  const terms: readonly unknown[] = Array.isArray(value) ? value : [value];
  for (const [index, term] of terms.entries()) {
    const { field } = (term ?? {}) as { readonly field?: unknown };
    const column = table.columns.get(String(field));
    if (column !== undefined) checkColumn(access, model, rowType, column.name, ['orderBy', index, 'field']);
  }
}

function checkColumn(
  access: Access,
  model: string,
  rowType: RowType | null,
  column: string,
  path: InputPath,
): void {
  if (!mayReadColumn(access, model, rowType, column))
    throw access.refuseInput(path, 'columns', model, column);
}

function checkRelation(
  access: Access,
  model: string,
  rowType: RowType | null,
  relation: string,
  path: InputPath,
): void {
  if (!mayReadRelation(access, model, rowType, relation))
    throw access.refuseInput(path, 'relations', model, relation);
}
