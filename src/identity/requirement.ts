import type { Tiers } from './tiers.js';
import type { Viewer } from './viewer.js';

/** What a viewer must be or have. Plain data; several requirements hold together. */
export type Requirement =
  /** Has signed in. */
  | { readonly kind: 'authenticated' }
  /** Has signed in with this tier or a more trusted one. */
  | { readonly kind: 'tier'; readonly tier: string }
  /** Has all scopes of at least one of these lists. */
  | { readonly kind: 'scopes'; readonly anyOf: readonly (readonly string[])[] };

/** Whether a viewer meets a requirement. A tier counts only for those who have signed in. */
export function meetsRequirement(viewer: Viewer, requirement: Requirement, tiers: Tiers): boolean {
  switch (requirement.kind) {
    case 'authenticated':
      return viewer.isAuthenticated;
    case 'tier':
      return viewer.isAuthenticated && tiers.isAtLeast(viewer.tier, requirement.tier);
    case 'scopes':
      return (
        viewer.isAuthenticated &&
        requirement.anyOf.some((scopes) => scopes.every((scope) => viewer.scopes.includes(scope)))
      );
  }
}

/** Whether a viewer has signed in as staff, who see rows that belong to others, too. */
export function isStaff(viewer: Viewer, tiers: Tiers): boolean {
  return viewer.isAuthenticated && tiers.find(viewer.tier)?.isStaff === true;
}

/** What is required, in words that follow "needs". */
export function describeRequirement(requirement: Requirement): string {
  switch (requirement.kind) {
    case 'authenticated':
      return 'a viewer who has signed in';
    case 'tier':
      return `the tier "${requirement.tier}"`;
    case 'scopes':
      return requirement.anyOf.map(describeScopes).join(' or ');
  }
}

function describeScopes(scopes: readonly string[]): string {
  const quoted = scopes.map((scope) => `"${scope}"`).join(' and ');
  return `the ${scopes.length === 1 ? 'scope' : 'scopes'} ${quoted}`;
}
