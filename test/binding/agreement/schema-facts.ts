import {
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isObjectType,
  isUnionType,
} from 'graphql';

/** What drawing selections needs to know of a field over and over: asking graphql-js takes longer than all the rest. */
export interface FieldFacts {
  readonly field: GraphQLField<unknown, unknown>;
  readonly coordinate: string;
  /** The type of a field that has a selection of its own. */
  readonly nested: GraphQLCompositeType | null;
  /** How many lists its value adds. */
  readonly lists: number;
}

const facts = new WeakMap<GraphQLCompositeType, readonly FieldFacts[]>();
const overlapping = new WeakMap<GraphQLCompositeType, readonly GraphQLCompositeType[]>();

export function getFieldFacts(type: GraphQLCompositeType): readonly FieldFacts[] {
  let known = facts.get(type);
  if (known === undefined) {
    const fields = isUnionType(type) ? [] : Object.values(type.getFields());
    known = fields.map((field) => {
      const named = getNamedType(field.type);
      const nested = isCompositeType(named) ? named : null;
      const lists = nested !== null && isListType(getNullableType(field.type)) ? 1 : 0;
      return { field, coordinate: `${type.name}.${field.name}`, nested, lists };
    });
    facts.set(type, known);
  }
  return known;
}

/** The types that an object of `type` may be of. */
export function findOverlapping(
  schema: GraphQLSchema,
  type: GraphQLCompositeType,
): readonly GraphQLCompositeType[] {
  let types = overlapping.get(type);
  if (types === undefined) {
    types = Object.values(schema.getTypeMap()).filter(
      (other): other is GraphQLCompositeType =>
        isCompositeType(other) && !other.name.startsWith('__') && overlap(schema, other, type),
    );
    overlapping.set(type, types);
  }
  return types;
}

/** Whether an object may be of both types. */
export function overlap(
  schema: GraphQLSchema,
  one: GraphQLCompositeType,
  other: GraphQLCompositeType,
): boolean {
  const possible = (type: GraphQLCompositeType) =>
    isObjectType(type) ? [type] : schema.getPossibleTypes(type);
  const types = possible(one);
  return possible(other).some((type) => types.includes(type));
}
