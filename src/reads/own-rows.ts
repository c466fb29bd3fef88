import type { Viewer } from '../identity/viewer.js';
import { allOf, type Condition } from './condition.js';

const OWN = Symbol('own rows');

/** Which rows are a viewer's own. */
type OwnRowsOf = (viewer: Viewer) => Condition;
type OwnRows = Condition & { readonly [OWN]?: OwnRowsOf };

/**
 * A place in conditions for one that depends on who asks. It is the same object for all requests, so whatever is made of
 * it may be kept across them: `RequestReads` puts the request's own condition in its place just before it reads. Where
 * nobody does, no row satisfies it.
 */
export function createOwnRows(of: OwnRowsOf): Condition {
  const place: OwnRows = { kind: 'any', of: Object.freeze([]), [OWN]: of };
  return Object.freeze(place);
}

/** Puts one viewer's conditions into their places. Made for one request. */
export class ViewerRows {
  readonly #own = new Map<OwnRowsOf, Condition>();
  readonly #filled = new WeakMap<object, object>();

  constructor(private readonly viewer: Viewer) {}

  /** The same object where the condition has no such place. */
  fill(condition: Condition): Condition {
    const own = (condition as OwnRows)[OWN];
    if (own !== undefined) return this.#ownRows(own);
    switch (condition.kind) {
      case 'all':
      case 'any': {
        const parts = condition.of.map((part) => this.fill(part));
        if (parts.every((part, index) => part === condition.of[index])) return condition;
        return condition.kind === 'all' ? allOf(...parts) : { kind: 'any', of: parts };
      }
      case 'not': {
        const of = this.fill(condition.of);
        return of === condition.of ? condition : { kind: 'not', of };
      }
      case 'related': {
        const where = this.fill(condition.where);
        return where === condition.where ? condition : { ...condition, where };
      }
      default:
        return condition;
    }
  }

  /** The same object for the same one; that one itself where its condition has no such place. */
  fillIn<Asked extends { readonly where: Condition }>(asked: Asked): Asked {
    let filled = this.#filled.get(asked) as Asked | undefined;
    if (filled === undefined) {
      const where = this.fill(asked.where);
      filled = where === asked.where ? asked : { ...asked, where };
      this.#filled.set(asked, filled);
    }
    return filled;
  }

  #ownRows(of: OwnRowsOf): Condition {
    let condition = this.#own.get(of);
    if (condition === undefined) {
      condition = of(this.viewer);
      this.#own.set(of, condition);
    }
    return condition;
  }
}
