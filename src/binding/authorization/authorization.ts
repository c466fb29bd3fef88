import { meetsRequirement } from '../../identity/requirement.js';
import type { Viewer } from '../../identity/viewer.js';
import { BoundedCache } from '../../kernel/bounded-cache.js';
import { ViewerRows } from '../../reads/own-rows.js';
import { Access } from './access.js';
import type { AuthorizationTables } from './authorization-tables.js';

/** Sets of met requirements that are kept; each is a few small tables. */
const MAX_ACCESSES = 1_000;

/** Says what each viewer may select, and which rows are theirs. */
export class Authorization {
  readonly #accesses = new BoundedCache<Access>({ maxEntries: MAX_ACCESSES, maxWeight: MAX_ACCESSES });
  readonly #known = new WeakMap<Viewer, Access>();

  constructor(readonly tables: AuthorizationTables) {}

  /** Whether anything depends on what a viewer is; else nothing asks for an `Access`. */
  get hasRequirements(): boolean {
    return this.tables.requirements.length > 0;
  }

  /** The same object for viewers who meet the same requirements, as long as it is kept. */
  accessOf(viewer: Viewer): Access {
    let access = this.#known.get(viewer);
    if (access === undefined) {
      const { requirements, tiers } = this.tables;
      const met = requirements.map((requirement) => meetsRequirement(viewer, requirement, tiers));
      access = this.#getAccess(met, viewer.isAuthenticated);
      this.#known.set(viewer, access);
    }
    return access;
  }

  /** Null where no type or field has an owner. */
  ownRowsOf(viewer: Viewer): ViewerRows | null {
    return this.tables.owners.length === 0 ? null : new ViewerRows(viewer);
  }

  #getAccess(met: readonly boolean[], isAuthenticated: boolean): Access {
    // Who has signed in is told something else than who hasn't, also where both meet nothing.
    const key = [isAuthenticated, ...met].map((holds) => (holds ? '1' : '0')).join('');
    let access = this.#accesses.get(key);
    if (access === undefined) {
      access = new Access(key, this.tables, met, isAuthenticated);
      this.#accesses.set(key, access, { weight: 1, ttlMs: null });
    }
    return access;
  }
}
