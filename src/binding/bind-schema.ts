import {
  buildASTSchema,
  type DocumentNode,
  GraphQLSchema,
  isTypeDefinitionNode,
  validateSchema,
} from 'graphql';
import { validateSDL } from 'graphql/validation/validate.js';
import { Tiers } from '../identity/tiers.js';
import type { ModelGraph } from '../model/model-graph.js';
import { bindAuthorization } from './authorization/bind-authorization.js';
import { OwnerBinder } from './authorization/bind-owner.js';
import { guardFields } from './authorization/guard-fields.js';
import { bindFields } from './bind-fields.js';
import { bindAbstracts, bindObjects } from './bind-objects.js';
import { bindRoots, checkConnectionTypes, checkOtherRoots } from './bind-roots.js';
import type { Bindings } from './bindings.js';
import { checkResolvers } from './check-resolvers.js';
import { OperationCompiler } from './compiled/operation-compiler.js';
import { attachResolvers } from './execution/attach-resolvers.js';
import type { PageLimits, Resolvers } from './resolvers.js';
import { attachScalars } from './scalars/attach-scalars.js';
import { SchemaScope } from './schema-scope.js';
import { loadEngineSdl, selectUsedDefinitions } from './sdl/engine-sdl.js';
import { SchemaFaultList } from './sdl/schema-faults.js';
import { parseSdl, type SdlSource } from './sdl/sdl-source.js';

export interface BindSchemaOptions {
  /** The app's SDL; the engine's is added to it. */
  readonly sdl: readonly SdlSource[];
  readonly graph: ModelGraph;
  readonly resolvers?: Resolvers;
  readonly limits: PageLimits;
  /** The tiers that `@requiresTier` may name. Default: the engine's. */
  readonly tiers?: Tiers;
}

/** Directives that only speak to the binding; clients have no use for them. */
const BINDING_DIRECTIVES = new Set([
  'model',
  'column',
  'relation',
  'needs',
  'authenticated',
  'requiresScopes',
  'requiresTier',
  'owner',
]);

/**
 * Turns SDL into an executable schema whose object types stand for Prisma's models.
 *
 * @throws SchemaFaults (`SCHEMA_INVALID`) with everything that is wrong, each with file, line and column
 */
export function bindSchema(options: BindSchemaOptions): GraphQLSchema {
  return bindApi(options).schema;
}

/** A schema, and what runs its compilable operations. */
export interface BoundApi {
  readonly schema: GraphQLSchema;
  readonly bindings: Bindings;
  readonly compiler: OperationCompiler;
}

/** As `bindSchema`, with the compiler for its operations. @throws SchemaFaults */
export function bindApi(options: BindSchemaOptions): BoundApi {
  const faults = new SchemaFaultList();
  const schema = buildSchema(options.sdl, faults);
  const resolvers = options.resolvers ?? {};
  const tiers = options.tiers ?? new Tiers();
  const owners = new OwnerBinder(options.graph, tiers, faults);
  const objects = bindObjects(schema, options.graph, faults, owners);
  const abstracts = bindAbstracts(schema, options.graph, objects, faults);
  const scope = new SchemaScope(schema, options.graph, faults, objects, abstracts, resolvers, owners);
  checkResolvers(scope);
  for (const object of objects.values()) {
    for (const [name, field] of bindFields(object, scope)) object.fields.set(name, field);
  }
  const roots = bindRoots(scope);
  checkOtherRoots(scope);
  checkConnectionTypes(scope);
  const authorization = bindAuthorization(scope, roots, tiers);
  faults.throwIfAny();
  const bindings: Bindings = Object.freeze({ objects, abstracts, roots, authorization });
  attachScalars(schema, resolvers);
  attachResolvers(schema, bindings, resolvers, options.limits);
  if (authorization?.hasRequirements) guardFields(schema, bindings, authorization);
  return { schema, bindings, compiler: new OperationCompiler(schema, bindings, options.limits) };
}

function buildSchema(sources: readonly SdlSource[], faults: SchemaFaultList): GraphQLSchema {
  const app = parseSdl(sources, faults);
  const engine = parseSdl(loadEngineSdl(), faults);
  const document = {
    kind: app.kind,
    definitions: [...selectUsedDefinitions(engine, app), ...app.definitions],
  } as DocumentNode;
  for (const error of validateSDL(document)) faults.addGraphQLError(error);
  // A document that isn't valid SDL can't be built, so what stands behind it can't be looked at yet.
  faults.throwIfAny();
  const schema = buildASTSchema(document, { assumeValidSDL: true });
  for (const error of validateSchema(schema)) faults.addGraphQLError(error);
  const config = schema.toConfig();
  const engineTypes = new Set(engine.definitions.filter(isTypeDefinitionNode).map((type) => type.name.value));
  return new GraphQLSchema({
    ...config,
    // Those of the engine's types that others refer to come along; what only these directives use does not.
    types: config.types.filter((type) => !engineTypes.has(type.name)),
    directives: config.directives.filter((directive) => !BINDING_DIRECTIVES.has(directive.name)),
    // Faults were collected above; asserting them again at the first request would hide their places.
    assumeValid: true,
  });
}
