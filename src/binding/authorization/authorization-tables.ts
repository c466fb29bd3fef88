import type { Requirement } from '../../identity/requirement.js';
import type { Tiers } from '../../identity/tiers.js';
import type { OwnerPath } from './bind-owner.js';
import type { Rule } from './rule.js';

/** Rules by two names: a type and its field, or a model and its column. */
export type RulesByName = ReadonlyMap<string, ReadonlyMap<string, Rule>>;

/** What the SDL's directives come to, read once at start. What has no rule is everyone's. */
export interface AuthorizationTables {
  readonly tiers: Tiers;
  readonly requirements: readonly Requirement[];
  /** Of objects and interfaces, those that operations start at excepted. */
  readonly types: ReadonlyMap<string, Rule>;
  /** By type and field: its own, its type's, and that of what it returns. */
  readonly fields: RulesByName;
  /** By model: columns that filters, orders, look-ups and aggregates may not use freely. */
  readonly columns: RulesByName;
  /** By model: relations that filters may not follow freely. */
  readonly relations: RulesByName;
  readonly owners: readonly OwnerPath[];
}
