import type { GraphQLObjectType } from 'graphql';
import type { Tiers } from '../../identity/tiers.js';
import { type DirectiveCarrier, findDirective, findDirectiveNode } from '../sdl/directive-arguments.js';
import type { SchemaFaultList } from '../sdl/schema-faults.js';
import type { FieldLimit } from './cost-table.js';

/** As the directive's definition has them, which holds to the package's. */
const DEFAULT_LIMIT = 60;
const DEFAULT_DURATION_SECONDS = 60;
const MAX_LIMIT = 1_000_000_000;
/** As long as the longest window of a tier. */
const MAX_DURATION_SECONDS = 31 * 86_400;

type StatedLimit = Omit<FieldLimit, 'coordinate'>;

/**
 * The limits of a type's fields, by field: a field's own `@rateLimit`, else its type's, of which each field has a count
 * of its own.
 */
export function readFieldLimits(
  type: GraphQLObjectType,
  tiers: Tiers,
  faults: SchemaFaultList,
): ReadonlyMap<string, FieldLimit> {
  const ofType = readLimit(type, type.name, tiers, faults);
  const limits = new Map<string, FieldLimit>();
  for (const field of Object.values(type.getFields())) {
    const coordinate = `${type.name}.${field.name}`;
    const limit = readLimit(field, coordinate, tiers, faults) ?? ofType;
    if (limit !== null) limits.set(field.name, Object.freeze({ coordinate, ...limit }));
  }
  return limits;
}

function readLimit(
  element: DirectiveCarrier,
  place: string,
  tiers: Tiers,
  faults: SchemaFaultList,
): StatedLimit | null {
  const given = findDirective(element, 'rateLimit');
  const node = findDirectiveNode(element, 'rateLimit');
  if (given === null || node === null) return null;
  const { limit = DEFAULT_LIMIT, duration = DEFAULT_DURATION_SECONDS, tiers: ofTiers = [] } = given;
  const fault = (problem: string) => faults.add(node, `@rateLimit on ${place} ${problem}`);
  const check = (value: unknown, name: string, most: number): number => {
    if (Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= most) return Number(value);
    fault(`has a ${name} of ${JSON.stringify(value)}: expected a whole number from 1 to ${most}`);
    return 1;
  };
  const base = check(limit, 'limit', MAX_LIMIT);
  const durationSeconds = check(duration, 'duration', MAX_DURATION_SECONDS);
  const named = new Map<string, number>();
  for (const item of Array.isArray(ofTiers) ? ofTiers : [ofTiers]) {
    const { tier, limit: own } = (item ?? {}) as { readonly tier?: unknown; readonly limit?: unknown };
    if (typeof tier !== 'string') {
      fault('has a tier without a name');
      continue;
    }
    if (tiers.find(tier) === null) fault(`names a tier that isn't: ${tiers.explainUnknown(tier)}`);
    if (named.has(tier)) fault(`names the tier "${tier}" twice`);
    named.set(tier, check(own, `limit for "${tier}"`, MAX_LIMIT));
  }
  return { durationSeconds, limits: spreadLimits(base, named, tiers) };
}

// More trust is never less of a limit by oversight: a tier that isn't named has what the one below it has.
function spreadLimits(base: number, named: ReadonlyMap<string, number>, tiers: Tiers): FieldLimit['limits'] {
  const limits: Record<string, number> = {};
  let current = base;
  for (const name of tiers.names) {
    current = named.get(name) ?? current;
    limits[name] = current;
  }
  return Object.freeze(limits);
}
