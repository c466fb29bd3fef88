import type { CaptureSpec } from '../../changes/capture/capture-spec.js';
import type { TagColumn } from '../../changes/tags/tag-column.js';
import { findTagText } from '../../changes/tags/tag-grammar.js';
import type { Condition } from '../condition.js';
import type { RowValue } from '../row.js';

/** The rows among which all those are found that a read may ever show. */
export type RowScope =
  | { readonly kind: 'all' }
  /** Rows of some slices, by the values of the slice's columns. */
  | {
      readonly kind: 'slice';
      readonly slice: readonly TagColumn[];
      readonly texts: readonly (readonly string[])[];
    }
  /** Rows by their keys, whether or not they are there. */
  | { readonly kind: 'keys'; readonly texts: readonly (readonly string[])[] };

export const ALL_ROWS = { kind: 'all' } as const;

/** That some columns, together, have one of the listed combinations of values. */
export interface Bound {
  readonly columns: readonly string[];
  readonly tuples: readonly (readonly RowValue[])[];
}

/** Combinations of several bounds' values, at most; beyond, the read depends on more rows instead. */
const MAX_COMBINATIONS = 200;

/** The least rows that tags can tell from others and that hold all rows within the bounds. */
export function findScope(spec: CaptureSpec, bounds: readonly Bound[]): RowScope {
  const keys = spec.key === null ? null : findTexts(spec.key, bounds);
  if (keys !== null) return { kind: 'keys', texts: keys };
  let best: RowScope = ALL_ROWS;
  for (const slice of spec.slices) {
    if (best.kind === 'slice' && best.slice.length >= slice.length) continue;
    const texts = findTexts(slice, bounds);
    if (texts !== null) best = { kind: 'slice', slice, texts };
  }
  return best;
}

/** What a condition says of single columns wherever it holds: its parts that all must hold. */
export function findBounds(where: Condition): readonly Bound[] {
  switch (where.kind) {
    case 'all':
      return where.of.flatMap(findBounds);
    case 'compare':
      return where.op === 'eq' ? [{ columns: [where.column], tuples: [[where.value]] }] : [];
    case 'in':
      return where.negated ? [] : [{ columns: [where.column], tuples: where.values.map((value) => [value]) }];
    default:
      return [];
  }
}

/** The combinations of texts that the bounds leave to these columns; null where they leave one of them free. */
function findTexts(
  columns: readonly TagColumn[],
  bounds: readonly Bound[],
): readonly (readonly string[])[] | null {
  const used: Bound[] = [];
  for (const { name } of columns) {
    if (used.some((bound) => bound.columns.includes(name))) continue;
    const candidates = bounds.filter((bound) => bound.columns.includes(name));
    const [first] = candidates.sort((a, b) => b.columns.length - a.columns.length);
    if (first === undefined) return null;
    used.push(first);
  }
  const combinations = used.reduce((count, { tuples }) => count * tuples.length, 1);
  if (used.length > 1 && combinations > MAX_COMBINATIONS) return null;
  const found = new Map<string, readonly string[]>();
  for (const values of combine(used)) {
    const texts: string[] = [];
    let isNull = false;
    for (const column of columns) {
      const value = values.get(column.name) ?? null;
      const text = findTagText(column, value);
      if (value === null) isNull = true;
      else if (text === null) return null;
      else texts.push(text);
    }
    // Nothing equals NULL, so no row is within such bounds.
    if (!isNull) found.set(texts.join('\0'), texts);
  }
  return [...found.values()];
}

function* combine(bounds: readonly Bound[]): Generator<ReadonlyMap<string, RowValue>> {
  const [first, ...rest] = bounds;
  if (first === undefined) {
    yield new Map();
    return;
  }
  for (const others of combine(rest)) {
    for (const tuple of first.tuples) {
      const values = new Map(others);
      for (const [index, column] of first.columns.entries()) values.set(column, tuple[index] ?? null);
      yield values;
    }
  }
}
