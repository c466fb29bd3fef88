/** What is counted where no `@cost` stands, in points. One point is about one row read and shown. */
export const WEIGHTS = {
  /** A scalar, an enum's value, and a list of them. */
  leaf: 0,
  /** An object. */
  object: 1,
  /** `xCount` and `totalCount`: one grouped query, whose rows nobody sees. */
  count: 3,
  /** `xAggregate`, whatever is selected of it. */
  aggregate: 5,
  /** A field of `Mutation`. */
  mutation: 10,
  /** `__schema`, whatever is selected of it: graphql-js bounds how deep it goes. */
  introspectedSchema: 50,
  /** `__type`. */
  introspectedType: 10,
} as const;

/** The largest weight that `@cost` may state. */
export const MAX_WEIGHT = 1_000_000;

/**
 * Where a cost ends, however large it would be, and what an operation costs that takes too many steps to be told. Above
 * any tier's maximum, so that it is always refused.
 */
export const MAX_COST = 10_000_000_000;

/** No operation is free. */
export const MIN_COST = 1;
