import type { FieldNode, GraphQLResolveInfo } from 'graphql';

/**
 * Computes something once per selection instead of once per parent. graphql-js hands the very same array of field
 * nodes to every parent of one selection in one execution and never reuses it in another, so the array is the key;
 * variables and with them arguments are the same for all.
 */
export function createPerSelection<Value>(): (info: GraphQLResolveInfo, compute: () => Value) => Value {
  const known = new WeakMap<readonly FieldNode[], Value>();
  return (info, compute) => {
    let value = known.get(info.fieldNodes);
    if (value === undefined) {
      value = compute();
      known.set(info.fieldNodes, value);
    }
    return value;
  };
}
