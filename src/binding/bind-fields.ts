import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  getNamedType,
  getNullableType,
  isAbstractType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { didYouMean } from '../kernel/suggestion.js';
import type { Relation } from '../model/model-graph.js';
import type { Condition } from '../reads/condition.js';
import { bindAggregate, isAggregateType } from './bind-aggregate.js';
import { bindRowsField, bindRowTarget } from './bind-rows-field.js';
import type { ArcArm, FieldBinding, ObjectBinding, RowType } from './bindings.js';
import { findScalarMisfit } from './outputs/scalar-fit.js';
import { type SchemaScope, withWhere } from './schema-scope.js';
import { findDirective, findDirectiveName, findDirectiveNode } from './sdl/directive-arguments.js';

type Field = GraphQLField<unknown, unknown>;

/** Binds every field of an object type that stands for a model; what finds no place is a fault. */
export function bindFields(binding: ObjectBinding, scope: SchemaScope): Map<string, FieldBinding> {
  const type = scope.schema.getType(binding.typeName) as GraphQLObjectType;
  const fields = new Map<string, FieldBinding>();
  for (const field of Object.values(type.getFields())) {
    const bound = bindField(binding, field, scope);
    if (bound !== null) fields.set(field.name, bound);
  }
  return fields;
}

function bindField(binding: ObjectBinding, field: Field, scope: SchemaScope): FieldBinding | null {
  const { model, typeName } = binding;
  const place = `${typeName}.${field.name}`;
  const type = getNamedType(field.type);
  if (scope.hasResolver(typeName, field.name)) return bindHandWritten(binding, field, place, scope);
  const needs = findDirectiveNode(field, 'needs');
  if (needs !== null) scope.faults.add(needs, `${place} has @needs but no resolver that could need anything`);
  if (binding.isNode && field.name === 'id') return { kind: 'globalId', columns: model.primaryKey ?? [] };
  const columnName = findDirectiveName(field, 'column');
  const column = model.columns.get(columnName ?? field.name);
  if (column !== undefined) {
    refuseArguments(field, place, scope);
    const misfit = findScalarMisfit(column, type, scope.graph);
    if (misfit !== null) scope.faults.add(field.astNode, `${place} ${misfit}`);
    const isList = isListType(getNullableType(field.type));
    if (isList !== column.isList && type.name !== 'JSON') {
      scope.faults.add(
        field.astNode,
        `${place} must be ${column.isList ? 'a list' : 'a single value'}, as its column is`,
      );
    }
    if (column.isNullable && isNonNullType(field.type)) {
      const problem = `${place} is declared ${field.type}, but its column ${model.name}.${column.name} may be null`;
      scope.faults.add(field.astNode, `${problem}: drop the "!"`);
    }
    const idTypes = scope.globalIdTypesOf(model, column, type);
    return {
      kind: 'column',
      columns: [column.name],
      column,
      globalIdType: idTypes.length === 1 ? (idTypes[0] ?? null) : null,
    };
  }
  if (columnName !== null) {
    const problem = `@column on ${place} names no column of ${model.name}: "${columnName}"`;
    scope.faults.add(
      findDirectiveNode(field, 'column'),
      `${problem}${didYouMean(columnName, model.columns.keys())}`,
    );
    return null;
  }
  return bindRelationField(binding, field, place, type, scope);
}

function bindRelationField(
  binding: ObjectBinding,
  field: Field,
  place: string,
  type: GraphQLNamedType,
  scope: SchemaScope,
): FieldBinding | null {
  const { model } = binding;
  const named = findDirectiveName(field, 'relation');
  const counts = type.name === 'Int' && (named !== null || field.name.endsWith('Count'));
  const suffix = counts ? 'Count' : isAggregateType(type) ? 'Aggregate' : null;
  const names =
    named !== null ? [named] : suffix === null ? relationNames(field.name) : stemsOf(field.name, suffix);
  const relation = names.map((name) => model.relations.get(name)).find((item) => item !== undefined);
  if (relation === undefined) {
    const arc = named === null ? bindArc(binding, field, place, type, scope) : null;
    if (arc !== null) return arc;
    addUnbound(binding, field, place, names[0] ?? field.name, scope);
    return null;
  }
  const columns = relation.link.local;
  const target = scope.findRowType(type);
  const connectionTarget = scope.findConnectionTarget(type);
  const at = {
    model: scope.graph.models.get(relation.target) ?? model,
    where: scope.visibleThrough(model, relation),
  };
  if (suffix !== null && relation.cardinality === 'one') {
    scope.faults.add(field.astNode, `${place} counts a to-one relation; only to-many ones can be counted`);
    return null;
  }
  if (suffix === 'Count') {
    return {
      kind: 'count',
      columns,
      relation,
      target: bindRowTarget(field, 'filtered', at.model, at.where, place, scope),
    };
  }
  if (suffix === 'Aggregate' && isObjectType(type)) {
    const rows = bindRowTarget(field, 'filtered', at.model, at.where, place, scope);
    return {
      kind: 'aggregate',
      columns,
      relation,
      target: rows,
      aggregate: bindAggregate(type, at.model, scope),
    };
  }
  const found = target ?? connectionTarget;
  if (found === null || found.model.name !== relation.target) {
    const problem = `${place} is of type ${type.name}, but the relation ${model.name}.${relation.name} leads to ${relation.target}`;
    scope.faults.add(field.astNode, problem);
    return null;
  }
  const isList = isListType(getNullableType(field.type));
  if (relation.cardinality === 'one')
    return bindToOne(binding, field, place, relation, found, isList || target === null, scope);
  if (connectionTarget === null && !isList) {
    scope.faults.add(
      field.astNode,
      `${place} must be a list or a connection: ${relation.name} leads to many rows`,
    );
    return null;
  }
  const kind = connectionTarget === null ? 'list' : 'connection';
  const rows = bindRowsField(field, kind, found, place, scope);
  return { kind: kind === 'list' ? 'toMany' : 'connection', columns, relation, ...rows };
}

function bindToOne(
  owner: ObjectBinding,
  field: Field,
  place: string,
  relation: Relation,
  target: RowType,
  isMany: boolean,
  scope: SchemaScope,
): FieldBinding | null {
  if (isMany) {
    scope.faults.add(
      field.astNode,
      `${place} must be a single ${target.typeName}: ${relation.name} leads to at most one row`,
    );
    return null;
  }
  refuseArguments(field, place, scope);
  const where = scope.ownRows(target, field, place);
  if (isNonNullType(field.type) && relation.isNullable) {
    scope.faults.add(
      field.astNode,
      `${place} is declared ${field.type}, but the relation may be missing: drop the "!"`,
    );
  } else if (
    isNonNullType(field.type) &&
    where.kind !== 'all' &&
    !isOwnersOwn(owner, relation, target, where)
  ) {
    const problem = `${place} is declared ${field.type}, but ${target.typeName} hides some rows of ${target.model.name}`;
    scope.faults.add(field.astNode, `${problem}: drop the "!"`);
  }
  const shown = withWhere(target, where);
  return { kind: 'toOne', columns: relation.link.local, relation, target: () => shown };
}

/** Whether whoever sees a row sees the one that it leads to, since it is by that one that it is theirs. */
function isOwnersOwn(owner: ObjectBinding, relation: Relation, target: RowType, where: Condition): boolean {
  return (
    'own' in target &&
    target.own === where &&
    owner.ownPath !== null &&
    target.ownPath !== null &&
    owner.ownPath === `${relation.name}.${target.ownPath}`
  );
}

/**
 * A union or interface over several models, such as what a comment is about: bound where each member's model is
 * reached by just one to-one relation with its key on this side.
 */
function bindArc(
  binding: ObjectBinding,
  field: Field,
  place: string,
  type: GraphQLNamedType,
  scope: SchemaScope,
): FieldBinding | null {
  if (!isAbstractType(type) || isListType(getNullableType(field.type))) return null;
  const arms = scope.schema.getPossibleTypes(type).flatMap((member): ArcArm[] => {
    const target = scope.objects.get(member.name);
    const relations = [...binding.model.relations.values()].filter(
      ({ link, target: model }) =>
        model === target?.model.name && link.kind === 'columns' && link.keyOn === 'local',
    );
    const [relation] = relations;
    return target === undefined || relation === undefined || relations.length > 1
      ? []
      : [{ relation, target }];
  });
  if (arms.length === 0 || arms.length < scope.schema.getPossibleTypes(type).length) return null;
  refuseArguments(field, place, scope);
  if (isNonNullType(field.type)) {
    scope.faults.add(
      field.astNode,
      `${place} is declared ${field.type}, but no relation may be set: drop the "!"`,
    );
  }
  return { kind: 'arc', arms, columns: [...new Set(arms.flatMap((arm) => arm.relation.link.local))] };
}

function bindHandWritten(
  binding: ObjectBinding,
  field: Field,
  place: string,
  scope: SchemaScope,
): FieldBinding {
  const { model } = binding;
  const columns = findDirective(field, 'needs')?.columns;
  if (!Array.isArray(columns)) return { kind: 'resolver', columns: [...model.columns.keys()] };
  for (const name of columns) {
    if (model.columns.has(name)) continue;
    const problem = `@needs on ${place} names no column of ${model.name}: "${name}"`;
    scope.faults.add(
      findDirectiveNode(field, 'needs'),
      `${problem}${didYouMean(name, model.columns.keys())}`,
    );
  }
  // What is kept of it is kept by the row's key.
  const isLiving = Number(findDirective(field, 'cacheControl')?.maxAge ?? 0) > 0;
  const key = isLiving ? (model.primaryKey ?? []) : [];
  return { kind: 'resolver', columns: [...new Set([...(columns as string[]), ...key])] };
}

function refuseArguments(field: Field, place: string, scope: SchemaScope): void {
  for (const argument of field.args) {
    scope.faults.add(
      argument.astNode,
      `${place}(${argument.name}:) is an unknown argument: a bound field of this kind takes none`,
    );
  }
}

function addUnbound(
  binding: ObjectBinding,
  field: Field,
  place: string,
  name: string,
  scope: SchemaScope,
): void {
  const { model } = binding;
  const directive = findDirectiveNode(field, 'relation');
  const known =
    directive === null ? [...model.columns.keys(), ...model.relations.keys()] : [...model.relations.keys()];
  const problem =
    directive === null
      ? `${place} is neither a column nor a relation of ${model.name}, and no resolver is written for it`
      : `@relation on ${place} names no relation of ${model.name}: "${name}"`;
  scope.faults.add(directive ?? field.astNode, `${problem}${didYouMean(name, known)}`);
}

/** `membersConnection` may stand for the relation `members`, where the plain name is taken by a list. */
function relationNames(fieldName: string): readonly string[] {
  return fieldName.endsWith('Connection')
    ? [fieldName, fieldName.slice(0, -'Connection'.length)]
    : [fieldName];
}

/** `memberCount` and `membersCount` both stand for `members`. */
function stemsOf(fieldName: string, suffix: string): readonly string[] {
  if (!fieldName.endsWith(suffix)) return [fieldName];
  const stem = fieldName.slice(0, -suffix.length);
  return [stem, `${stem}s`];
}
