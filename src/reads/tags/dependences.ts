import type { CaptureSpec } from '../../changes/capture/capture-spec.js';
import {
  anyTag,
  columnTag,
  findTagText,
  membershipTag,
  rowTag,
  sliceSuffix,
  sliceTag,
} from '../../changes/tags/tag-grammar.js';
import type { RowValue } from '../row.js';
import type { RowScope } from './row-scope.js';

/** What an answer depends on. A change that meets none of it has left the answer as it was. */
export interface ReadDependences {
  /** Each once. */
  readonly tags: readonly string[];
  /** Models, and join tables, whose rows were looked at: a collapse of one of them meets the read. */
  readonly models: readonly string[];
  /** Those whose changes nobody tells of: such an answer can only be kept by time. */
  readonly uncaptured: readonly string[];
}

/** Gathers what an answer depends on; where a table's spec has no word for it, anything about its rows. */
export class Dependences {
  readonly #tags = new Map<string, Set<string>>();
  readonly #whole = new Set<string>();
  readonly #uncaptured = new Set<string>();

  constructor(private readonly specs: ReadonlyMap<string, CaptureSpec>) {}

  /** Null where the model isn't captured; that is then noted. */
  findSpec(model: string): CaptureSpec | null {
    const spec = this.specs.get(model);
    if (spec === undefined) this.#uncaptured.add(model);
    else if (!this.#tags.has(model)) this.#tags.set(model, new Set());
    return spec ?? null;
  }

  /** The rows of a scope: which they are, and these columns of them. */
  addRows(model: string, scope: RowScope, columns: Iterable<string>): void {
    const spec = this.findSpec(model);
    if (spec === null) return;
    if (scope.kind === 'keys') {
      for (const texts of scope.texts) this.#add(model, rowTag(model, texts));
      return;
    }
    if (scope.kind === 'all') this.#add(model, membershipTag(model));
    else for (const suffix of suffixesOf(scope)) this.#add(model, sliceTag(model, suffix));
    this.addColumns(model, scope, columns);
  }

  /** These columns of the rows of a scope, where nothing hangs on which rows there are. */
  addColumns(model: string, scope: Exclude<RowScope, { kind: 'keys' }>, columns: Iterable<string>): void {
    const spec = this.findSpec(model);
    if (spec === null) return;
    const told = new Set(spec.columns.map(({ name }) => name));
    // A changed key is a row that went and one that came; a changed column of a slice the same for the slice.
    const covered = new Set(
      [...(spec.key ?? []), ...(scope.kind === 'slice' ? scope.slice : [])].map(({ name }) => name),
    );
    for (const column of columns) {
      if (covered.has(column)) continue;
      if (!told.has(column)) this.addAnything(model);
      else if (scope.kind === 'all') this.#add(model, columnTag(model, column));
      else
        for (const suffix of suffixesOf(scope)) this.#add(model, sliceTag(columnTag(model, column), suffix));
    }
  }

  /** All columns of one row, by its values; without its key's, anything about the model's rows. */
  addRow(model: string, getValue: (column: string) => RowValue | undefined): void {
    const spec = this.findSpec(model);
    if (spec === null || this.#whole.has(model)) return;
    const texts = spec.key?.map((column) => findTagText(column, getValue(column.name))) ?? [null];
    if (texts.every((text) => text !== null)) this.#add(model, rowTag(model, texts));
    else this.addAnything(model);
  }

  addAnything(model: string): void {
    if (this.findSpec(model) !== null) this.#whole.add(model);
  }

  finish(): ReadDependences {
    const tags = [...this.#tags].flatMap(([model, own]) =>
      this.#whole.has(model) ? [anyTag(model)] : [...own],
    );
    return { tags, models: [...this.#tags.keys()], uncaptured: [...this.#uncaptured] };
  }

  #add(model: string, tag: string): void {
    this.#tags.get(model)?.add(tag);
  }
}

function suffixesOf({ slice, texts }: RowScope & { readonly kind: 'slice' }): readonly string[] {
  return texts.map((values) => sliceSuffix(slice, values));
}
