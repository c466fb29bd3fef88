import { createHash } from 'node:crypto';
import { encodeStable } from '../../kernel/stable-encoding.js';
import type { TagColumn } from '../tags/tag-column.js';

/**
 * Which tags the changes of one table have. Triggers are written from it and reads' dependences are told by it, so both
 * sides agree. Plain data; kept in the database beside the triggers.
 */
export interface CaptureSpec {
  /** A model, or an implicit join table under its own name, such as `_Friendship`. */
  readonly model: string;
  readonly table: { readonly schema: string; readonly name: string };
  /**
   * `statement`: triggers see all rows of a statement at once. `row`: one at a time, for tables whose rows
   * statements on others reach (partitions, heirs) without firing their statement triggers.
   */
  readonly mode: 'statement' | 'row';
  /** The identifying key, where tags can hold it: a row has a tag of its own then. */
  readonly key: readonly TagColumn[] | null;
  /** Columns by which a row is known again after an update; null: a changed row is one that went and one that came. */
  readonly identity: readonly { readonly dbName: string; readonly kind: TagColumn['kind'] | null }[] | null;
  /** Each sorted by name, and in that order. */
  readonly slices: readonly (readonly TagColumn[])[];
  /** Columns whose changes have a tag, by name. */
  readonly columns: readonly ToldColumn[];
  /**
   * Relations whose foreign key in this table the database enforces: a row that they lead to can neither come nor go
   * while a row here refers to it. Of a join table: `A` and `B`.
   */
  readonly enforced: readonly string[];
}

export interface ToldColumn {
  readonly name: string;
  readonly dbName: string;
  /**
   * How a change is noticed: values that are equal may still read differently (1.0 and 1.00, citext, -0), and some
   * types know no equality. By bytes costs more.
   */
  readonly comparison: 'equality' | 'bytes';
}

/** Grows when the same spec leads to other triggers. */
const FORMAT = 1;

/** Equal exactly for what makes equal triggers and equal dependences. */
export function hashSpec(spec: CaptureSpec): string {
  return createHash('sha256')
    .update(`${FORMAT} ${encodeStable(spec)}`)
    .digest('hex')
    .slice(0, 16);
}
