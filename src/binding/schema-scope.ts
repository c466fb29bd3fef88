import { type GraphQLNamedType, type GraphQLSchema, getNamedType, isObjectType } from 'graphql';
import type { Column, Model, ModelGraph, Relation } from '../model/model-graph.js';
import { allOf, type Condition } from '../reads/condition.js';
import type { OwnerBinder } from './authorization/bind-owner.js';
import { ownRowsOfMembers } from './bind-objects.js';
import type { AbstractBinding, ObjectBinding, RowType } from './bindings.js';
import { FilterBinder, type FilterScope } from './inputs/bind-filter.js';
import type { Resolvers } from './resolvers.js';
import { type DirectiveCarrier, findDirectiveName } from './sdl/directive-arguments.js';
import type { SchemaFaultList } from './sdl/schema-faults.js';

/** What binding one field needs to know of everything else. */
export class SchemaScope implements FilterScope {
  readonly filters = new FilterBinder(this);

  constructor(
    readonly schema: GraphQLSchema,
    readonly graph: ModelGraph,
    readonly faults: SchemaFaultList,
    readonly objects: ReadonlyMap<string, ObjectBinding>,
    readonly abstracts: ReadonlyMap<string, AbstractBinding>,
    readonly resolvers: Resolvers,
    readonly owners: OwnerBinder,
  ) {}

  findRowType(type: GraphQLNamedType): RowType | null {
    return this.objects.get(type.name) ?? this.abstracts.get(type.name) ?? null;
  }

  /** The type of a connection's rows where `type` is one: it has `edges` whose `node` is bound. */
  findConnectionTarget(type: GraphQLNamedType): RowType | null {
    if (!isObjectType(type) || !type.name.endsWith('Connection')) return null;
    const edge = type.getFields().edges;
    const edgeType = edge === undefined ? null : getNamedType(edge.type);
    const node = isObjectType(edgeType) ? edgeType.getFields().node : type.getFields().nodes;
    return node === undefined ? null : this.findRowType(getNamedType(node.type));
  }

  nodeTypesOf(model: Model): readonly string[] {
    return this.objectsOf(model)
      .filter((item) => item.isNode)
      .map((item) => item.typeName);
  }

  objectsOf(model: Model): readonly ObjectBinding[] {
    return [...this.objects.values()].filter((item) => item.model === model);
  }

  globalIdTypesOf(model: Model, column: Column, type: GraphQLNamedType): readonly string[] {
    return this.filters.globalIdTypesOf(model, column, type.name === 'ID');
  }

  visibleThrough(model: Model, relation: Relation): () => Condition {
    for (const object of this.objectsOf(model)) {
      const type = this.schema.getType(object.typeName);
      if (!isObjectType(type)) continue;
      for (const field of Object.values(type.getFields())) {
        if ((findDirectiveName(field, 'relation') ?? field.name) !== relation.name) continue;
        const named = getNamedType(field.type);
        const target = this.findRowType(named) ?? this.findConnectionTarget(named);
        if (target === null || target.model.name !== relation.target) continue;
        const isWritten = this.hasResolver(type.name, field.name);
        const where = isWritten ? target.where : this.ownRows(target, field, `${type.name}.${field.name}`);
        return () => where;
      }
    }
    // No field says of which type the rows are.
    const target = this.graph.models.get(relation.target);
    const where = ownRowsOfMembers(target === undefined ? [] : this.objectsOf(target));
    return () => where;
  }

  /** Rows of `target` that a field shows: the type's, and where the field has an `@owner`, of these the viewer's own. */
  ownRows(target: RowType, field: DirectiveCarrier, place: string): Condition {
    const own = this.owners.find(field, target.model, place);
    return own === null ? target.where : allOf(target.where, own.where);
  }

  hasResolver(typeName: string, fieldName: string): boolean {
    const fields = this.resolvers[typeName];
    return fields !== undefined && typeof fields === 'object' && fieldName in fields;
  }
}

/** A row type of which only these rows are shown. Its fields stay the type's own: they may still be being found. */
export function withWhere(type: RowType, where: Condition): RowType {
  return where === type.where ? type : { ...type, where };
}
