/** Who asks. Made once per request from its credentials, and never changed after. */
export interface Viewer {
  /** Null exactly when nobody has signed in. */
  readonly id: string | null;
  /** Names the budget that the viewer lives on, such as `premium`. */
  readonly tier: string;
  readonly scopes: readonly string[];
  readonly isAuthenticated: boolean;
}

/** The tier of a viewer whose token names none. */
export const DEFAULT_TIER = 'authenticated';

/** Whoever sends no credentials at all. */
export const ANONYMOUS: Viewer = Object.freeze({
  id: null,
  tier: 'anonymous',
  scopes: Object.freeze([]),
  isAuthenticated: false,
});
