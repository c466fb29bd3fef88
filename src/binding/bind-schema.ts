import {
  buildASTSchema,
  type DocumentNode,
  type GraphQLDirective,
  type GraphQLNamedType,
  GraphQLSchema,
  isObjectType,
  isTypeDefinitionNode,
  validateSchema,
} from 'graphql';
import { validateSDL } from 'graphql/validation/validate.js';
import { DEFAULT_CACHE } from '../cache/policy/cache-policy.js';
import { VIEWER_VARY } from '../cache/policy/vary-definition.js';
import { Tiers } from '../identity/tiers.js';
import type { OffloadedField } from '../jobs/job-catalogue.js';
import type { ModelGraph } from '../model/model-graph.js';
import { bindAuthorization } from './authorization/bind-authorization.js';
import { OwnerBinder } from './authorization/bind-owner.js';
import { guardFields } from './authorization/guard-fields.js';
import { bindFields } from './bind-fields.js';
import { bindAbstracts, bindObjects } from './bind-objects.js';
import { bindRoots, checkConnectionTypes, checkOtherRoots } from './bind-roots.js';
import type { Bindings } from './bindings.js';
import { OperationPolicies } from './caching/operation-policies.js';
import { type CachePolicySettings, PolicyTable } from './caching/policy-table.js';
import type { HintNames } from './caching/read-hints.js';
import { checkResolvers } from './check-resolvers.js';
import { OperationCompiler } from './compiled/operation-compiler.js';
import { attachFieldLimits } from './cost/attach-field-limits.js';
import { LimitedFields } from './cost/limited-fields.js';
import { OperationCosts } from './cost/operation-costs.js';
import { readCostTable } from './cost/read-cost-table.js';
import { withEngineResolvers } from './engine-resolvers.js';
import { attachResolvers } from './execution/attach-resolvers.js';
import { bindOffload, withOffloadResolvers } from './offload/bind-offload.js';
import type { PageLimits, Resolvers } from './resolvers.js';
import { attachScalars } from './scalars/attach-scalars.js';
import { SchemaScope } from './schema-scope.js';
import { loadEngineSdl, type RootFields, selectUsedDefinitions } from './sdl/engine-sdl.js';
import { SchemaFaultList } from './sdl/schema-faults.js';
import { parseSdl, type SdlSource } from './sdl/sdl-source.js';

export interface BindSchemaOptions {
  /** The app's SDL; the engine's is added to it. */
  readonly sdl: readonly SdlSource[];
  readonly graph: ModelGraph;
  readonly resolvers?: Resolvers;
  readonly limits: PageLimits;
  /** Those that `@requiresTier` and `@rateLimit` may name. Default: the engine's. */
  readonly tiers?: Tiers;
  /** What is said of types' and fields' lives in the cache without touching the SDL. Default: nothing. */
  readonly cachePolicies?: CachePolicySettings;
  /** What hints may name. Default: the viewer's tier and scopes, and the cache `default`. */
  readonly cacheNames?: Partial<HintNames>;
}

/** Directives that only speak to the binding; clients have no use for them. */
const BINDING_DIRECTIVES = new Set([
  ...['model', 'column', 'relation', 'needs'],
  ...['authenticated', 'requiresScopes', 'requiresTier', 'owner'],
  ...['cost', 'listSize', 'rateLimit'],
  ...['cacheControl', 'cachePolicy'],
  ...['offload'],
]);

/**
 * Turns SDL into an executable schema whose object types stand for Prisma's models.
 *
 * @throws SchemaFaults (`SCHEMA_INVALID`) with everything that is wrong, each with file, line and column
 */
export function bindSchema(options: BindSchemaOptions): GraphQLSchema {
  return bindApi(options).schema;
}

/** A schema, what runs its compilable operations, and what tells their cost. */
export interface BoundApi {
  readonly schema: GraphQLSchema;
  readonly bindings: Bindings;
  readonly compiler: OperationCompiler;
  /** What operations cost, and what they take of fields' own limits. */
  readonly costs: OperationCosts;
  /** How long their answers may be kept. */
  readonly policies: OperationPolicies;
  /** Fields that workers resolve. */
  readonly offloaded: readonly OffloadedField[];
}

/** As `bindSchema`, with what goes with the schema. @throws SchemaFaults */
export function bindApi(options: BindSchemaOptions): BoundApi {
  const faults = new SchemaFaultList();
  const { limits, tiers = new Tiers() } = options;
  const { schema, rootFields, rateLimit } = buildSchema(options, faults);
  const offloaded = bindOffload(schema, options.resolvers ?? {}, faults);
  const resolvers = withOffloadResolvers(
    withEngineResolvers(schema, options.resolvers ?? {}, rootFields),
    offloaded,
    () => policies,
  );
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
  const bindings: Bindings = Object.freeze({ objects, abstracts, roots, authorization });
  const table = readCostTable({ schema, bindings, limits, tiers, faults });
  const policies: PolicyTable = new PolicyTable({
    schema,
    objects,
    settings: options.cachePolicies ?? {},
    names: {
      vary: new Set([...VIEWER_VARY, ...(options.cacheNames?.vary ?? [])]),
      caches: new Set([DEFAULT_CACHE, ...(options.cacheNames?.caches ?? [])]),
    },
    faults,
  });
  faults.throwIfAny();
  attachScalars(schema, resolvers);
  attachResolvers(schema, { bindings, resolvers, limits, policies });
  attachFieldLimits(schema, table, rateLimit);
  // Around the limits: who may not have a field takes nothing from anybody's.
  if (authorization?.hasRequirements) guardFields(schema, bindings, authorization);
  const limited = new LimitedFields(schema, table);
  return {
    schema,
    bindings,
    compiler: new OperationCompiler(schema, bindings, limits, limited),
    costs: new OperationCosts(schema, table),
    policies: new OperationPolicies(schema, policies),
    offloaded,
  };
}

/** What SDL makes, what of the engine's fields came along, and the directive in it that code is attached by. */
interface BuiltSchema {
  readonly schema: GraphQLSchema;
  readonly rootFields: RootFields;
  readonly rateLimit: GraphQLDirective;
}

function buildSchema({ sdl, graph }: BindSchemaOptions, faults: SchemaFaultList): BuiltSchema {
  const app = parseSdl(sdl, faults);
  const engine = parseSdl(loadEngineSdl(), faults);
  const used = selectUsedDefinitions(engine, app, new Set(graph.models.keys()));
  const document = {
    kind: app.kind,
    definitions: [...used.definitions, ...app.definitions, ...used.extensions],
  } as DocumentNode;
  for (const error of validateSDL(document)) faults.addGraphQLError(error);
  // A document that isn't valid SDL can't be built, so what stands behind it can't be looked at yet.
  faults.throwIfAny();
  const built = buildASTSchema(document, { assumeValidSDL: true });
  for (const error of validateSchema(built)) faults.addGraphQLError(error);
  const config = built.toConfig();
  const engineTypes = new Set(engine.definitions.filter(isTypeDefinitionNode).map((type) => type.name.value));
  const schema = new GraphQLSchema({
    ...config,
    // Those of the engine's types that others refer to, or may stand for, come along; what only these directives use does
    // not.
    types: config.types.filter((type) => !engineTypes.has(type.name) || isMember(type)),
    directives: config.directives.filter((directive) => !BINDING_DIRECTIVES.has(directive.name)),
    // Faults were collected above; asserting them again at the first request would hide their places.
    assumeValid: true,
  });
  const rateLimit = built.getDirective('rateLimit');
  if (rateLimit == null) throw new TypeError("The engine's SDL doesn't define @rateLimit");
  return { schema, rootFields: used.rootFields, rateLimit };
}

function isMember(type: GraphQLNamedType): boolean {
  return isObjectType(type) && type.getInterfaces().length > 0;
}
