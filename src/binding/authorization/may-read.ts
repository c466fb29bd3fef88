import type { FieldBinding, RowType } from '../bindings.js';
import type { Access } from './access.js';
import { showsColumn, showsRelation } from './shown-by.js';

/** Whether rows may be asked for by a column. `rowType` is what they are shown as; null where that isn't known. */
export function mayReadColumn(
  access: Access,
  model: string,
  rowType: RowType | null,
  column: string,
): boolean {
  if (!access.forbidsColumn(model, column)) return true;
  return rowType !== null && isShown(access, rowType, (binding) => showsColumn(binding, column));
}

/** The same by what a relation leads to. */
export function mayReadRelation(
  access: Access,
  model: string,
  rowType: RowType | null,
  relation: string,
): boolean {
  if (!access.forbidsRelation(model, relation)) return true;
  return rowType !== null && isShown(access, rowType, (binding) => showsRelation(binding, relation));
}

/**
 * Whether all rows of a type show the viewer something of theirs anyway: then it doesn't matter that other types of the
 * model hide it.
 */
function isShown(access: Access, rowType: RowType, shows: (binding: FieldBinding) => boolean): boolean {
  const members = 'members' in rowType ? rowType.members : [rowType];
  const showing = members
    .map(({ typeName, fields }) => ({
      typeName,
      names: [...fields].filter(([, binding]) => shows(binding)).map(([name]) => name),
    }))
    .filter(({ names }) => names.length > 0);
  return (
    showing.length > 0 &&
    showing.every(
      ({ typeName, names }) =>
        !access.forbidsType(typeName) && names.some((name) => !access.forbidsField(typeName, name)),
    )
  );
}
