import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { Bindings, FieldBinding, RootBinding } from '../bindings.js';
import { createPerSelection } from '../execution/per-selection.js';
import type { SelectionScope } from '../execution/selected-fields.js';
import type { RequestContext } from '../request-context.js';
import type { Access } from './access.js';
import type { Authorization } from './authorization.js';
import { checkInputs, checkLookup } from './check-inputs.js';

type Field = GraphQLField<unknown, unknown>;
type Resolve = GraphQLFieldResolver<unknown, unknown>;
/**
 * Errors that one selection of a field has in an answer at most: an error takes ten times the bytes of a null and more of
 * the time. What is null beyond them says no more than the first did.
 */
const MAX_TOLD_REFUSALS = 1_000;

type CheckArguments = (access: Access, args: Readonly<Record<string, unknown>>) => void;

/**
 * Puts a check before every resolver that might give what its viewer may not select, and tells those that look ahead
 * whose selection it is. What needs neither stays as it is.
 */
export function guardFields(schema: GraphQLSchema, bindings: Bindings, authorization: Authorization): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isAbstractType(type)) {
      const { resolveType } = type;
      type.resolveType = (value, context, info, abstractType) => {
        // Its resolvers are the binding's own, which answer at once.
        const typeName = resolveType?.(value, context, info, abstractType) as string;
        accessOf(authorization, context).checkType(typeName);
        return typeName;
      };
    }
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const checkArguments = findArgumentsCheck(schema, type, field, bindings);
      guardField(type.name, field, authorization, checkArguments);
    }
  }
}

function guardField(
  typeName: string,
  field: Field,
  authorization: Authorization,
  checkArguments: CheckArguments | null,
): void {
  const isRestricted = authorization.tables.fields.get(typeName)?.has(field.name) === true;
  const looksAhead = isCompositeType(getNamedType(field.type));
  const isList = isListType(getNullableType(field.type));
  if (!isRestricted && !looksAhead && checkArguments === null) return;
  const resolve: Resolve = field.resolve ?? defaultFieldResolver;
  const isNullable = !isNonNullType(field.type);
  const checked = createPerSelection<true>();
  const refusals = createPerSelection<{ count: number }>();
  field.resolve = (parent, args, context, info) => {
    const access = accessOf(authorization, context);
    if (access.isFull) return resolve(parent, args, context, info);
    if (access.forbidsField(typeName, field.name)) {
      const told = refusals(info, () => ({ count: 0 }));
      told.count += 1;
      if (isNullable && told.count > MAX_TOLD_REFUSALS) return null;
    }
    access.checkField(typeName, field.name);
    if (checkArguments !== null) {
      checked(info, () => {
        checkArguments(access, args);
        return true;
      });
    }
    if (!looksAhead) return resolve(parent, args, context, info);
    const result = resolve(parent, args, context, withAccess(info, access));
    return isList ? promiseItems(result) : result;
  };
  const { subscribe } = field;
  if (subscribe === undefined || !isRestricted) return;
  field.subscribe = (parent, args, context, info) => {
    accessOf(authorization, context).checkField(typeName, field.name);
    return subscribe(parent, args, context, info);
  };
}

/**
 * graphql-js gives up on a list at once where an item fails at once, and forgets the promises of those before it: should
 * one of them fail later, nobody hears of it, and the process ends. Where every item is a promise, none fails at once.
 */
function promiseItems(result: unknown): unknown {
  if (result instanceof Promise) return result.then(promiseItems);
  return Array.isArray(result) ? result.map((item: unknown) => Promise.resolve(item)) : result;
}

function withAccess(info: GraphQLResolveInfo, access: Access): GraphQLResolveInfo & SelectionScope {
  return { ...info, access };
}

function accessOf(authorization: Authorization, context: unknown): Access {
  return authorization.accessOf((context as RequestContext).viewer);
}

/** Null where the field's arguments can't tell of rows. */
function findArgumentsCheck(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  field: Field,
  bindings: Bindings,
): CheckArguments | null {
  const root = type === schema.getQueryType() ? bindings.roots.get(field.name) : undefined;
  if (root?.kind === 'one') {
    const { target, uniques } = root;
    return (access, args) => checkLookup(access, target(), uniques, args);
  }
  const rows = findRows(root ?? bindings.objects.get(type.name)?.fields.get(field.name));
  return rows === null ? null : (access, args) => checkInputs(access, rows, args);
}

function findRows(binding: FieldBinding | RootBinding | undefined) {
  switch (binding?.kind) {
    case 'list':
    case 'toMany':
    case 'connection':
      return binding.rows;
    case 'count':
    case 'aggregate':
      return binding.target;
    default:
      return null;
  }
}
