import type { FieldBinding } from '../bindings.js';

/** Whether a field shows a column's values. */
export function showsColumn(binding: FieldBinding, column: string): boolean {
  return (binding.kind === 'column' || binding.kind === 'globalId') && binding.columns.includes(column);
}

/** Whether a field shows the rows that a relation leads to. */
export function showsRelation(binding: FieldBinding, relation: string): boolean {
  switch (binding.kind) {
    case 'toOne':
    case 'toMany':
    case 'connection':
      return binding.relation.name === relation;
    case 'arc':
      return binding.arms.some((arm) => arm.relation.name === relation);
    default:
      return false;
  }
}
