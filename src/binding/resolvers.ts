import type { GraphQLResolveInfo, GraphQLScalarType } from 'graphql';
import type { RequestContext } from './request-context.js';

/**
 * A hand-written resolver. `parent` is a row as `reads/row.ts` defines where the field's type is bound, else
 * what the resolver above gave. It may return stubs of bound types: objects that hold at least the key's
 * columns (and `__typename` where the field's type is abstract over several models).
 */
export type FieldResolver = (
  // biome-ignore lint/suspicious/noExplicitAny: parents and arguments are typed by the app's generated resolver types
  parent: any,
  // biome-ignore lint/suspicious/noExplicitAny: see above
  args: any,
  // biome-ignore lint/suspicious/noExplicitAny: the app's context names its own Prisma Client
  context: RequestContext<any>,
  info: GraphQLResolveInfo,
) => unknown;

/** A subscription's pair: where its events come from, and what each becomes. */
export interface SubscriptionResolver {
  readonly subscribe: FieldResolver;
  readonly resolve?: FieldResolver;
}

/** Hand-written code by type and field; a scalar of the app's own by its name. */
export interface Resolvers {
  readonly [typeName: string]:
    | GraphQLScalarType
    | { readonly [fieldName: string]: FieldResolver | SubscriptionResolver };
}

/** How much a list or page may hold. */
export interface PageLimits {
  /** Rows of a page that asks for no number. */
  readonly defaultPageRows: number;
  /** The most that `first` and `last` may ask for, and that a list without `first` may hold. */
  readonly maxPageRows: number;
}
