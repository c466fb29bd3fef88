import type { Row, RowValue } from '../../reads/row.js';
import type { RequestContext } from '../request-context.js';
import type { FieldResolver } from '../resolvers.js';
import type { LivingField } from './field-cache.js';

/** The same resolver; where there is a cache of fields, it is asked only for what that doesn't have. */
export function cachingField(resolve: FieldResolver, field: LivingField): FieldResolver {
  return (parent, args, context, info) => {
    const cache = context.fieldCache ?? null;
    const key = cache === null ? null : findKey(parent as Row, field);
    if (cache === null || key === null) return resolve(parent, args, context, info);
    return cache.resolve({ field, key, args }, (own: RequestContext) => resolve(parent, args, own, info));
  };
}

/** Null: some code passed on a row without its key. */
function findKey(row: Row, { keyColumns }: LivingField): readonly RowValue[] | null {
  const key: RowValue[] = [];
  for (const name of keyColumns) {
    const value = row[name];
    if (value === undefined || value === null) return null;
    key.push(value);
  }
  return key;
}
