import type { Model, ModelGraph } from '../../model/model-graph.js';

/**
 * What this reader asks of a generated Prisma Client (7, PostgreSQL, a driver adapter). The client's class is
 * the app's, so it is typed by its structure, and models are reached by `getDelegate`.
 */
export interface PrismaClientPort {
  $queryRawUnsafe(query: string, ...values: unknown[]): PromiseLike<unknown>;
}

/** Where rows are read from. */
export interface PrismaSource {
  readonly client: PrismaClientPort;
  /** Of the schema that the client was generated from. */
  readonly graph: ModelGraph;
  /** Where models and enums are that name no schema. */
  readonly defaultSchema: string;
}

/** The methods of one model that are used, with arguments and answers as plain data. */
export interface PrismaDelegate {
  findMany(args: PrismaArguments): PromiseLike<readonly PrismaRecord[]>;
  aggregate(args: PrismaArguments): PromiseLike<PrismaRecord>;
  groupBy(args: PrismaArguments): PromiseLike<readonly PrismaRecord[]>;
}

export type PrismaArguments = { readonly [name: string]: unknown };
export type PrismaRecord = { readonly [name: string]: unknown };
export type PrismaWhere = { readonly [name: string]: unknown };
export type PrismaSelect = { readonly [name: string]: unknown };

/** @throws Error when the client was generated from another schema than the model graph. */
export function getDelegate(client: PrismaClientPort, model: Model): PrismaDelegate {
  const name = model.name.charAt(0).toLowerCase() + model.name.slice(1);
  const delegate: unknown = Reflect.get(client, name);
  if (!isDelegate(delegate))
    throw new Error(`The Prisma Client has no model ${model.name}: generate it anew.`);
  return delegate;
}

function isDelegate(value: unknown): value is PrismaDelegate {
  return typeof value === 'object' && value !== null && 'findMany' in value;
}
