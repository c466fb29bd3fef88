import {
  type ConstDirectiveNode,
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { Tiers } from '../../identity/tiers.js';
import type { Bindings } from '../bindings.js';
import type { PageLimits } from '../resolvers.js';
import { type DirectiveCarrier, findDirectiveNode } from '../sdl/directive-arguments.js';
import type { SchemaFaultList } from '../sdl/schema-faults.js';
import { findConnectionShape, isList } from './connection-shape.js';
import type { CostTable, FieldCost, ListSize } from './cost-table.js';
import { readFieldLimits } from './read-field-limits.js';
import { canSlice, readListSize, type StatedListSize } from './read-list-size.js';
import { readTypeWeights, readWeight } from './read-weights.js';
import { MAX_COST, WEIGHTS } from './weights.js';

type Field = GraphQLField<unknown, unknown>;

export interface CostTableParts {
  readonly schema: GraphQLSchema;
  readonly bindings: Bindings;
  readonly limits: PageLimits;
  readonly tiers: Tiers;
  readonly faults: SchemaFaultList;
}

/** Reads `@cost`, `@listSize` and `@rateLimit`, and fills in what the model says where they say nothing. */
export function readCostTable(parts: CostTableParts): CostTable {
  return new CostTableReading(parts).read();
}

class CostTableReading {
  private readonly weigh: (type: GraphQLNamedType) => number;
  /** Types that hold parts of one aggregate: they were paid with it. */
  private readonly aggregateParts = new Set<string>();
  private readonly edgeTypes = new Set<GraphQLNamedType>();

  constructor(private readonly parts: CostTableParts) {
    const { schema, bindings, faults } = parts;
    this.weigh = readTypeWeights(schema, faults);
    const ofObjects = [...bindings.objects.values()].flatMap(({ fields }) => [...fields.values()]);
    for (const bound of [...bindings.roots.values(), ...ofObjects]) {
      if (bound.kind !== 'aggregate') continue;
      for (const { type } of bound.aggregate.groups.values()) this.aggregateParts.add(type.name);
    }
    for (const type of Object.values(schema.getTypeMap())) {
      const edgeType = findConnectionShape(type)?.edgeType;
      if (edgeType != null) this.edgeTypes.add(edgeType);
    }
  }

  read(): CostTable {
    const types = new Map<string, ReadonlyMap<string, FieldCost>>();
    let hasLimits = false;
    for (const type of Object.values(this.parts.schema.getTypeMap())) {
      if (type.name.startsWith('__')) continue;
      if (isInterfaceType(type)) this.checkInterface(Object.values(type.getFields()), type.name);
      if (!isObjectType(type)) continue;
      const limits = readFieldLimits(type, this.parts.tiers, this.parts.faults);
      if (limits.size > 0) hasLimits = true;
      const fields = Object.values(type.getFields()).map((field): [string, FieldCost] => [
        field.name,
        Object.freeze({ ...this.readField(type, field), limit: limits.get(field.name) ?? null }),
      ]);
      types.set(type.name, new Map(fields));
    }
    return Object.freeze({ types, hasLimits });
  }

  /** Costs are those of the object types that there are in the end. */
  private checkInterface(fields: readonly Field[], typeName: string): void {
    for (const field of fields) {
      for (const node of findCostDirectives(field)) {
        this.parts.faults.add(
          node,
          `@${node.name.value} on ${typeName}.${field.name} says nothing: put it on the field of each type that implements ${typeName}`,
        );
      }
    }
  }

  private readField(type: GraphQLObjectType, field: Field): Omit<FieldCost, 'limit'> {
    const { faults } = this.parts;
    const place = `${type.name}.${field.name}`;
    const named = getNamedType(field.type);
    const connection = isList(field) ? null : findConnectionShape(named);
    const stated = readListSize(field, place, faults);
    const sizedFields = stated?.sizedFields ?? connection?.rowFields ?? [];
    const isSized = sizedFields.length > 0 || (isList(field) && !isLeafType(named)) || stated !== null;
    const argumentWeights = new Map<string, number>();
    for (const argument of field.args) {
      const weight = readWeight(argument, `${place}(${argument.name}:)`, faults);
      if (weight !== null && weight > 0) argumentWeights.set(argument.name, weight);
    }
    const ownWeight = readWeight(field, place, faults);
    const isByMember = ownWeight === null && isAbstractType(named) && !this.isMutation(type);
    return {
      weight: ownWeight ?? (isByMember ? 0 : this.defaultWeight(type, field, named)),
      memberWeights: isByMember ? this.weighMembers(named) : null,
      size: isSized ? this.readSize(type, field, stated) : null,
      sizedFields,
      pageWeight: connection === null ? 0 : this.weigh(connection.rowType),
      argumentWeights,
    };
  }

  private defaultWeight(type: GraphQLObjectType, field: Field, named: GraphQLNamedType): number {
    const kind = this.kindOf(type, field);
    if (kind === 'count') return WEIGHTS.count;
    if (kind === 'aggregate') return WEIGHTS.aggregate;
    if (findConnectionShape(type) !== null && field.name === 'totalCount') return WEIGHTS.count;
    if (this.isMutation(type)) return WEIGHTS.mutation;
    if (named.name === 'PageInfo' || this.aggregateParts.has(named.name)) return 0;
    // Rows are what is paid for: a page costs the same by `edges { node }` and by `nodes`.
    return findConnectionShape(named) !== null || this.edgeTypes.has(named) ? 0 : this.weigh(named);
  }

  private weighMembers(type: GraphQLAbstractType): ReadonlyMap<string, number> {
    const members = this.parts.schema.getPossibleTypes(type);
    return new Map(members.map((member) => [member.name, this.weigh(member)]));
  }

  private isMutation(type: GraphQLObjectType): boolean {
    return type === this.parts.schema.getMutationType();
  }

  private readSize(type: GraphQLObjectType, field: Field, stated: StatedListSize | null): ListSize {
    const { defaultPageRows, maxPageRows } = this.parts.limits;
    const kind = this.kindOf(type, field);
    const isBoundList = kind === 'toMany' || kind === 'list';
    const isBound = isBoundList || kind === 'connection' || kind === 'nodes';
    const sliced = kind === 'nodes' ? ['ids'] : ['first', 'last'];
    const maxSize = isBound ? maxPageRows : MAX_COST;
    return {
      slicingArguments:
        stated?.slicingArguments ??
        field.args.filter((argument) => sliced.includes(argument.name) && canSlice(argument)).map(nameOf),
      // A list without `first` is read whole, or refused where it is longer than a page may be.
      assumedSize: Math.min(stated?.assumedSize ?? (isBoundList ? maxPageRows : defaultPageRows), maxSize),
      maxSize,
      innerSize: Math.min(defaultPageRows ** Math.max(0, countLists(field) - 1), MAX_COST),
      requiresOneArgument: stated?.requiresOneArgument ?? false,
    };
  }

  private kindOf(type: GraphQLObjectType, field: Field): string {
    const { schema, bindings } = this.parts;
    const root = type === schema.getQueryType() ? bindings.roots.get(field.name) : undefined;
    return root?.kind ?? bindings.objects.get(type.name)?.fields.get(field.name)?.kind ?? 'resolver';
  }
}

function findCostDirectives(element: DirectiveCarrier): readonly ConstDirectiveNode[] {
  return ['cost', 'listSize', 'rateLimit'].flatMap((name) => findDirectiveNode(element, name) ?? []);
}

function nameOf({ name }: { readonly name: string }): string {
  return name;
}

function countLists(field: Field): number {
  let lists = 0;
  for (let type: unknown = field.type; isListType(type) || isNonNullType(type); type = type.ofType) {
    if (isListType(type)) lists += 1;
  }
  return lists;
}
