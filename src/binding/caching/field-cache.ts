import type { FieldPolicy } from '../../cache/policy/cache-policy.js';
import type { RowValue } from '../../reads/row.js';

/** A hand-written field with a life of its own, below a row. */
export interface LivingField {
  readonly coordinate: string;
  readonly policy: FieldPolicy;
  /** Of the rows that it stands in. */
  readonly model: string;
  readonly keyColumns: readonly string[];
}

/** A field's result of one row, with the arguments that it is asked with. */
export interface AskedField {
  readonly field: LivingField;
  /** In the order of `keyColumns`. */
  readonly key: readonly RowValue[];
  readonly args: object;
}

/** What is kept of single fields. One operation's; `Context` is what resolvers get. */
export interface FieldCache<Context> {
  /** What is kept, or what `compute` gives, called with a context that notes what it reads. */
  resolve(asked: AskedField, compute: (context: Context) => unknown): unknown;
}
