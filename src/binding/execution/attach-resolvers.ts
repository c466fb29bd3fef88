import {
  defaultFieldResolver,
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLObjectType,
  GraphQLScalarType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isObjectType,
} from 'graphql';
import { type PlannedRow, withoutPlanned } from '../../reads/plan/hydrate.js';
import type { Row } from '../../reads/row.js';
import type { AbstractBinding, Bindings, ObjectBinding } from '../bindings.js';
import { cachingField } from '../caching/cached-field.js';
import type { LivingField } from '../caching/field-cache.js';
import { recordingField } from '../caching/field-context.js';
import type { PolicyTable } from '../caching/policy-table.js';
import type { RequestContext } from '../request-context.js';
import type { FieldResolver, PageLimits, Resolvers, SubscriptionResolver } from '../resolvers.js';
import { type CompleteResult, createResultCompleter } from './complete-result.js';
import { createFieldResolver } from './field-resolvers.js';
import { createRootResolver } from './root-resolvers.js';

/** Puts the code behind a schema's fields and abstract types: bound, written by hand, or the default. */
export function attachResolvers(
  schema: GraphQLSchema,
  { bindings, resolvers, limits, policies }: Omit<Attaching, 'complete'>,
): void {
  const complete = createResultCompleter(bindings);
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isAbstractType(type)) attachResolveType(type, bindings);
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      attachField(schema, type, field, { bindings, resolvers, limits, policies, complete });
    }
  }
}

interface Attaching {
  readonly bindings: Bindings;
  readonly resolvers: Resolvers;
  readonly limits: PageLimits;
  readonly policies: PolicyTable;
  readonly complete: CompleteResult;
}

function attachField(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  { bindings, resolvers, limits, policies, complete }: Attaching,
): void {
  const written = findWritten(resolvers, type.name, field.name);
  const root = type === schema.getQueryType() ? bindings.roots.get(field.name) : undefined;
  const owner = bindings.objects.get(type.name);
  const bound = owner?.fields.get(field.name);
  if (written !== null) {
    const subscription = typeof written === 'function' ? null : written;
    const own = typeof written === 'function' ? written : (written.resolve ?? identity);
    const isQuery = type === schema.getQueryType();
    const recorded = recordingField(own, `${type.name}.${field.name}`, isQuery);
    const plain = owner === undefined ? recorded : givingRows(recorded);
    const living = owner === undefined ? null : findLivingField(owner, field.name, policies);
    const resolve = living === null ? plain : cachingField(plain, living);
    if (subscription !== null)
      field.subscribe = subscription.subscribe as GraphQLField<unknown, unknown>['subscribe'];
    const isMutation = type === schema.getMutationType();
    const completed = returnsRows(field, bindings) ? completing(resolve, complete) : resolve;
    field.resolve = asGraphQLResolver(isMutation ? clearingAfter(completed) : completed);
  } else if (root !== undefined) {
    field.resolve = asGraphQLResolver(createRootResolver(root, bindings, limits));
  } else if (owner !== undefined && bound !== undefined) {
    const resolve = createFieldResolver(owner, bound, limits);
    if (resolve !== null) field.resolve = asGraphQLResolver(resolve);
  } else {
    const resolve = recordingField(callingMembers, `${type.name}.${field.name}`, false);
    field.resolve = asGraphQLResolver(returnsRows(field, bindings) ? completing(resolve, complete) : resolve);
  }
}

/** Null: the field's result lives as long as what it stands in, or not at all. */
function findLivingField(
  { typeName, model }: ObjectBinding,
  fieldName: string,
  policies: PolicyTable,
): LivingField | null {
  const policy = policies.find(typeName, fieldName);
  if (policy === null || (policy.maxAgeSeconds ?? 0) <= 0 || model.primaryKey === null) return null;
  return { coordinate: `${typeName}.${fieldName}`, policy, model: model.name, keyColumns: model.primaryKey };
}

/** A member of what a resolver gave may be a function, which asks as much of its context as a resolver does. */
const callingMembers = defaultFieldResolver as FieldResolver;

/** The default resolver passes events on as they are. */
const identity: FieldResolver = (event) => event;

function findWritten(
  resolvers: Resolvers,
  typeName: string,
  fieldName: string,
): FieldResolver | SubscriptionResolver | null {
  const fields = resolvers[typeName];
  if (fields === undefined || fields instanceof GraphQLScalarType) return null;
  return fields[fieldName] ?? null;
}

function completing(resolve: FieldResolver, complete: CompleteResult): FieldResolver {
  return (parent, args, context, info) => complete(resolve(parent, args, context, info), context, info);
}

/**
 * A row's own columns are all that hand-written code is given. What was planned below the row is for the selection
 * around it: where the code passes the row on, another one may ask something else under the same keys.
 */
function givingRows(resolve: FieldResolver): FieldResolver {
  return (row: PlannedRow, args, context, info) => resolve(withoutPlanned(row), args, context, info);
}

/** What a mutation answers is read after its write, never from what the request had read before. */
function clearingAfter(resolve: FieldResolver): FieldResolver {
  return async (parent, args, context, info) => {
    try {
      return await resolve(parent, args, context, info);
    } finally {
      context.reads.clear();
    }
  };
}

function returnsRows(field: GraphQLField<unknown, unknown>, bindings: Bindings): boolean {
  const type = getNamedType(field.type);
  return bindings.objects.has(type.name) || isAbstractType(type);
}

function attachResolveType(type: GraphQLAbstractType, bindings: Bindings): void {
  const binding = bindings.abstracts.get(type.name);
  type.resolveType = (value: unknown) => {
    const named = (value as { readonly __typename?: unknown } | null)?.__typename;
    if (typeof named === 'string') return named;
    const member = binding === undefined ? null : findMember(binding, value as Row);
    if (member !== null) return member;
    throw new TypeError(`A value of the abstract type ${type.name} doesn't say its __typename`);
  };
}

/** The member whose discriminator a row has; one without a discriminator takes what no other does. */
function findMember(binding: AbstractBinding, row: Row): string | null {
  let fallback: string | null = null;
  for (const member of binding.members) {
    if (member.discriminator === null) fallback ??= member.typeName;
    else if (Object.entries(member.discriminator).every(([name, value]) => row[name] === value))
      return member.typeName;
  }
  return fallback;
}

/** graphql-js types the context as unknown; here it is always ours. */
function asGraphQLResolver(resolve: FieldResolver): GraphQLField<unknown, unknown>['resolve'] {
  return (parent, args, context, info) => resolve(parent, args, context as RequestContext, info);
}
