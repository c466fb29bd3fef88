import {
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type GraphQLUnionType,
  isInterfaceType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { didYouMean } from '../kernel/suggestion.js';
import type { Model, ModelGraph } from '../model/model-graph.js';
import { ALWAYS, allOf, type Condition } from '../reads/condition.js';
import type { Row, RowValue } from '../reads/row.js';
import type { OwnerBinder } from './authorization/bind-owner.js';
import type { AbstractBinding, FieldBinding, ObjectBinding } from './bindings.js';
import { findDirective, findDirectiveNode } from './sdl/directive-arguments.js';
import type { SchemaFaultList } from './sdl/schema-faults.js';

/** An object binding whose fields are still being found. */
export type OpenObjectBinding = ObjectBinding & { readonly fields: Map<string, FieldBinding> };

/** Finds the object types that stand for a model: by name, or by `@model(name:)`. Their fields are empty yet. */
export function bindObjects(
  schema: GraphQLSchema,
  graph: ModelGraph,
  faults: SchemaFaultList,
  owners: OwnerBinder,
): ReadonlyMap<string, OpenObjectBinding> {
  const roots = new Set([schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]);
  const bindings = new Map<string, OpenObjectBinding>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__') || roots.has(type)) continue;
    const model = findModelOf(type, graph, faults);
    if (model === null) continue;
    const discriminator = readDiscriminator(type, model, graph, faults);
    const isNode = type.getInterfaces().some((item) => item.name === 'Node');
    if (isNode && model.primaryKey === null) {
      faults.add(type.astNode, `${type.name} implements Node, but ${model.name} is a view without a key`);
    }
    const isMember = discriminator === null ? ALWAYS : toCondition(discriminator);
    const owner = owners.find(type, model, type.name);
    const own = owner?.where ?? null;
    bindings.set(type.name, {
      typeName: type.name,
      model,
      discriminator,
      isMember,
      own,
      ownPath: owner?.path.text ?? null,
      where: own === null ? isMember : allOf(isMember, own),
      isNode,
      fields: new Map(),
    });
  }
  return bindings;
}

/**
 * Finds the interfaces and unions that are read from one model: those with its name or `@model(name:)`, and unions
 * all of whose members are bound to one model.
 */
export function bindAbstracts(
  schema: GraphQLSchema,
  graph: ModelGraph,
  objects: ReadonlyMap<string, ObjectBinding>,
  faults: SchemaFaultList,
): ReadonlyMap<string, AbstractBinding> {
  const bindings = new Map<string, AbstractBinding>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!(isInterfaceType(type) || isUnionType(type)) || type.name === 'Node' || type.name.startsWith('__'))
      continue;
    const possible = schema.getPossibleTypes(type);
    const members = possible.flatMap((member) => objects.get(member.name) ?? []);
    const named = findModelOf(type, graph, faults);
    const shared = new Set(members.map((member) => member.model));
    const model =
      named ??
      (isUnionType(type) && shared.size === 1 && members.length === possible.length
        ? members[0]?.model
        : null);
    if (model === null || model === undefined) continue;
    const strangers = possible.filter((member) => objects.get(member.name)?.model !== model);
    for (const stranger of strangers) {
      faults.add(
        type.astNode,
        `${type.name} is read from ${model.name}, but ${stranger.name} is not bound to it`,
      );
    }
    const isMember: Condition = members.some((member) => member.discriminator === null)
      ? ALWAYS
      : { kind: 'any', of: members.map((member) => member.isMember) };
    bindings.set(type.name, {
      typeName: type.name,
      model,
      where: allOf(isMember, ownRowsOfMembers(members)),
      members,
    });
  }
  return bindings;
}

/** Rows that are the viewer's own wherever the member that a row is of has an owner. */
export function ownRowsOfMembers(members: readonly ObjectBinding[]): Condition {
  return allOf(
    ...members.map((member): Condition => {
      if (member.own === null) return ALWAYS;
      const others = members.filter((other) => other !== member).map((other) => other.isMember);
      // A member without a discriminator takes what no other does.
      const isOther: readonly Condition[] =
        member.discriminator === null
          ? others.filter((condition) => condition !== ALWAYS)
          : [{ kind: 'not', of: member.isMember }];
      return isOther.length === 0 ? member.own : { kind: 'any', of: [...isOther, member.own] };
    }),
  );
}

function findModelOf(
  type: GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType,
  graph: ModelGraph,
  faults: SchemaFaultList,
): Model | null {
  const directive = findDirective(type, 'model');
  const name = typeof directive?.name === 'string' ? directive.name : type.name;
  const model = graph.models.get(name) ?? null;
  if (model === null && directive !== null) {
    const problem = `@model on ${type.name} names no model: "${name}"${didYouMean(name, graph.models.keys())}`;
    faults.add(findDirectiveNode(type, 'model'), problem);
  }
  return model;
}

function readDiscriminator(
  type: GraphQLObjectType,
  model: Model,
  graph: ModelGraph,
  faults: SchemaFaultList,
): Row | null {
  const where = findDirective(type, 'model')?.where;
  if (where === undefined || where === null) return null;
  const node = findDirectiveNode(type, 'model');
  if (typeof where !== 'object' || Array.isArray(where)) {
    faults.add(
      node,
      `@model(where:) on ${type.name} must be an object of column values, such as { kind: "CAT" }`,
    );
    return null;
  }
  const discriminator: Record<string, RowValue> = {};
  for (const [name, value] of Object.entries(where)) {
    const column = model.columns.get(name);
    if (column === undefined) {
      const problem = `@model(where:) on ${type.name} names no column of ${model.name}: "${name}"`;
      faults.add(node, `${problem}${didYouMean(name, model.columns.keys())}`);
      continue;
    }
    const values =
      column.enumName === null ? null : graph.enums.get(column.enumName)?.values.map((item) => item.name);
    if (values && !values.includes(String(value))) {
      const problem = `@model(where:) on ${type.name}: ${column.enumName} has no value "${String(value)}"`;
      faults.add(node, `${problem}${didYouMean(String(value), values)}`);
    }
    discriminator[name] = value as RowValue;
  }
  return discriminator;
}

function toCondition(discriminator: Row): Condition {
  return allOf(
    ...Object.entries(discriminator).map(
      ([column, value]): Condition =>
        value === null
          ? { kind: 'null', column, negated: false }
          : { kind: 'compare', column, op: 'eq', value },
    ),
  );
}
