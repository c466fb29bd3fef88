/**
 * When something may be selected, over indexes of requirements: all clauses hold, a clause where one of its alternatives
 * does, an alternative where all of its requirements are met. No clause: for everyone.
 */
export type Rule = readonly Clause[];
export type Clause = readonly (readonly number[])[];

/** Everyone's. */
export const FREE: Rule = Object.freeze([]);

/** All of these requirements. */
export function requireAll(requirements: readonly number[]): Rule {
  const distinct = [...new Set(requirements)].sort((a, b) => a - b);
  return distinct.map((requirement) => [[requirement]]);
}

/** At least one of these rules, each of plain requirements; none: everyone's. */
export function requireOneOf(alternatives: readonly Rule[]): Rule {
  if (alternatives.length === 0 || alternatives.some((rule) => rule.length === 0)) return FREE;
  const distinct = new Map(alternatives.map((rule) => [JSON.stringify(rule), rule]));
  const [only] = distinct.values();
  if (distinct.size === 1 && only !== undefined) return only;
  return [[...distinct.values()].map((rule) => rule.flat(2))];
}

/** All of these rules, none of their clauses twice. */
export function requireRules(...rules: readonly Rule[]): Rule {
  return [...new Map(rules.flat().map((clause) => [JSON.stringify(clause), clause])).values()];
}

export function isMet(rule: Rule, met: readonly boolean[]): boolean {
  return rule.every((clause) => clause.some((all) => all.every((index) => met[index] === true)));
}
