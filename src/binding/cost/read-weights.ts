import { type GraphQLNamedType, type GraphQLSchema, isAbstractType, isLeafType } from 'graphql';
import { type DirectiveCarrier, findDirective, findDirectiveNode } from '../sdl/directive-arguments.js';
import type { SchemaFaultList } from '../sdl/schema-faults.js';
import { MAX_WEIGHT, WEIGHTS } from './weights.js';

/** What `@cost` says of an element, or null where it carries none or a faulty one. `place` is what a fault names. */
export function readWeight(element: DirectiveCarrier, place: string, faults: SchemaFaultList): number | null {
  const directive = findDirective(element, 'cost');
  if (directive === null) return null;
  const { weight } = directive;
  if (typeof weight === 'string' && /^\d{1,7}(\.\d{1,3})?$/.test(weight) && Number(weight) <= MAX_WEIGHT)
    return Number(weight);
  const shown = typeof weight === 'string' ? JSON.stringify(weight) : String(weight);
  faults.add(
    findDirectiveNode(element, 'cost'),
    `@cost on ${place} weighs ${shown}: expected a number from 0 to ${MAX_WEIGHT} in quotes, such as "5" or "0.5"`,
  );
  return null;
}

/** What an object of each type costs by its own `@cost`; of an abstract type, its dearest member's. */
export function readTypeWeights(
  schema: GraphQLSchema,
  faults: SchemaFaultList,
): (type: GraphQLNamedType) => number {
  const weights = new Map<GraphQLNamedType, number>();
  for (const type of Object.values(schema.getTypeMap())) {
    const weight = readWeight(type, type.name, faults);
    if (weight !== null) weights.set(type, weight);
  }
  const weigh = (type: GraphQLNamedType): number =>
    isAbstractType(type)
      ? Math.max(0, ...schema.getPossibleTypes(type).map(weigh))
      : (weights.get(type) ?? (isLeafType(type) ? WEIGHTS.leaf : WEIGHTS.object));
  return weigh;
}
