import type { RowValue } from './row.js';

/**
 * Which rows a read wants, as data: built by the binding from filters, turned into SQL or into Prisma's
 * `where` by a row reader. Three-valued as SQL is: a comparison with a NULL column is unknown, `not` of
 * unknown is unknown, and only rows for which the whole is true come back.
 */
export type Condition =
  /** Every part holds; no part: true. */
  | { readonly kind: 'all'; readonly of: readonly Condition[] }
  /** At least one part holds; no part: false. */
  | { readonly kind: 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  | {
      readonly kind: 'compare';
      readonly column: string;
      readonly op: CompareOperator;
      /** Never null, except on a Json column, where null is JSON's null. */
      readonly value: RowValue;
    }
  | {
      readonly kind: 'in';
      readonly column: string;
      readonly values: readonly RowValue[];
      readonly negated: boolean;
    }
  /** Plain text, not a pattern: `%` and `_` stand for themselves. Case matters. */
  | {
      readonly kind: 'text';
      readonly column: string;
      readonly op: 'contains' | 'startsWith';
      readonly value: string;
    }
  | { readonly kind: 'null'; readonly column: string; readonly negated: boolean }
  /** Some (or none) of the related rows satisfies `where`. For a to-one relation `some` reads "is". */
  | {
      readonly kind: 'related';
      readonly relation: string;
      readonly quantifier: 'some' | 'none';
      readonly where: Condition;
    };

export type CompareOperator = 'eq' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte';

/** The condition that every row satisfies. */
export const ALWAYS: Condition = Object.freeze({ kind: 'all', of: Object.freeze([]) });
/** The condition that no row satisfies. */
export const NEVER: Condition = Object.freeze({ kind: 'any', of: Object.freeze([]) });

/** All of the given conditions, flattened; `ALWAYS` parts vanish. */
export function allOf(...parts: readonly Condition[]): Condition {
  const flat = parts.flatMap((part) => (part.kind === 'all' ? part.of : [part]));
  const [only] = flat;
  if (only === undefined) return ALWAYS;
  return flat.length === 1 ? only : { kind: 'all', of: flat };
}
