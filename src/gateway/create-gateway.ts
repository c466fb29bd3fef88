import { resolve } from 'node:path';
import type { ApolloServer } from '@apollo/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLFormattedError } from 'graphql';
import { OperationParts } from '../binding/caching/operation-parts.js';
import { VisibleSchemas } from '../binding/visibility/visible-schemas.js';
import type { WarmOperation } from '../cache/warming/warm-operation.js';
import { NO_COUNTERS } from '../counters/counters.js';
import { findTrialSecret } from '../identity/development-access.js';
import { signDevelopmentToken } from '../identity/development-token.js';
import { StaffGate } from '../identity/staff-gate.js';
import { Tiers } from '../identity/tiers.js';
import { systemClock } from '../kernel/clock.js';
import type { Config } from '../kernel/config/config.js';
import { RequestReads } from '../reads/request-reads.js';
import { watchEventLoop } from '../telemetry/event-loop-lag.js';
import { createLogger } from '../telemetry/logger.js';
import { createMetrics } from '../telemetry/metrics.js';
import { Admission } from './admission/admission.js';
import { createBoundsRule } from './bounds/bounds-rule.js';
import { TextGuard } from './bounds/text-guard.js';
import { CacheDesk } from './caching/cache-desk.js';
import { CacheWarmer } from './caching/cache-warmer.js';
import { CheckSampler } from './caching/check-sampler.js';
import { createExecution } from './caching/execute-query.js';
import { ExplainRight } from './caching/explain-header.js';
import { openCaching } from './caching/open-caching.js';
import { PieceAnswerer } from './caching/piece-answerer.js';
import { RequestCaching } from './caching/request-caching.js';
import { createResponseCacheListener } from './caching/response-cache-listener.js';
import { Variations } from './caching/variations.js';
import { warmAtStart } from './caching/warm-at-start.js';
import { readPosition } from './changes/position-header.js';
import { createApolloServer } from './create-apollo-server.js';
import { createHttpServer, type FrontDoor } from './create-http-server.js';
import { createErrorReporter } from './errors/error-reporter.js';
import type { GatewayContext } from './gateway-context.js';
import { GatewayContexts } from './gateway-contexts.js';
import type { Gateway, GatewayParts } from './gateway-parts.js';
import { DEFAULT_GRAPHIQL_DIRECTORY } from './graphiql/build-graphiql.js';
import { registerGraphiqlRoutes } from './graphiql/graphiql-routes.js';
import { GRAPHQL_PATH, registerGraphQLRoute } from './graphql-route.js';
import { findCharged, type HitPath } from './hit-path/hit-path.js';
import type { KnownRequests, Learn } from './hit-path/known-requests.js';
import { openHitPath } from './hit-path/open-hit-path.js';
import { findRequestText } from './hit-path/preread-body.js';
import { registerHomeRoute } from './home-route.js';
import { openIdentity } from './identity/open-identity.js';
import { JobDesks } from './jobs/gateway-jobs.js';
import { registerQueueBoard } from './jobs/queue-board.js';
import { openLimits } from './limits/open-limits.js';
import { explainListenError } from './listen-error.js';
import { createGaugesReader, listChecks } from './operator-parts.js';
import { registerOperatorRoutes } from './operator-routes.js';
import { countPlans, countStatements } from './request-activity.js';
import { openSubscriptions } from './subscriptions/open-subscriptions.js';

/** Composes the HTTP server, the GraphQL server and everything around them. */
export async function createGateway(parts: GatewayParts): Promise<Gateway> {
  const { config, schema, graph, reader, redis, plans = null, compiler = null, changes = null } = parts;
  const tiers = new Tiers(parts.app.tiers);
  const explainRight = new ExplainRight(config.env, tiers);
  const variations = new Variations(parts.app.vary ?? []);
  const bindings = parts.bindings ?? null;
  const authorization = bindings?.authorization ?? null;
  const isVisibleOnly = config.http.introspection === 'visible' && authorization?.hasRequirements === true;
  const visibleSchemas = bindings !== null && isVisibleOnly ? new VisibleSchemas(schema, bindings) : null;
  const log = parts.log ?? createLogger(config.log);
  const metrics = parts.metrics ?? createMetrics();

  const tokens = changes?.tokens ?? null;
  const limits = openLimits({
    config: config.limits,
    costs: parts.costs ?? null,
    tiers,
    redis,
    place: parts.place ?? '',
    metrics: metrics.limits,
    log,
  });
  // Asks once all that it needs is there, as what executes operations is made of the contexts that it stands in.
  const warmer = new CacheWarmer({
    tiers,
    asked: parts.caching?.asked ?? null,
    createContext: (viewer) => contexts.createUnasked(viewer, variations.of({})),
    execute: (operation, context) => answerUnasked(apollo, operation, context),
  });
  const contexts: GatewayContexts = new GatewayContexts({
    changes: {
      changes: changes?.node ?? null,
      client: parts.prisma,
      graph,
      metrics: metrics.changes,
      settleTimeoutMs: config.changes.settleTimeoutMs,
      positionTimeoutMs: config.changes.positionTimeoutMs,
    },
    staffBlocks: limits.staffBlocks,
    cacheDesk:
      parts.caching && parts.storage
        ? new CacheDesk({
            caches: parts.caching.caches,
            schema,
            storage: parts.storage,
            staff: new StaffGate(tiers),
            warmer,
          })
        : null,
    jobDesks: createJobDesks(parts, tiers),
    counters: parts.counters ?? NO_COUNTERS,
    cdnUrl: config.http.cdnUrl,
    log,
    createReads: (activity, viewer) =>
      new RequestReads(
        countStatements(reader, activity),
        graph,
        plans === null ? null : countPlans(plans, activity),
        authorization?.ownRowsOf(viewer) ?? null,
      ),
  });
  const sampler = new CheckSampler(config.cache.checkOneIn);
  const caching =
    parts.caching && changes !== null && config.cache.enabled
      ? openCaching({
          ...parts.caching,
          config: config.cache,
          schema,
          bindings,
          changes: changes.node,
          metrics: metrics.cache,
          log,
          sampler,
          contexts,
          recompute: async ({ source, operationName, request: { variables }, contextValue }, mode) => {
            await apollo.executeOperation(
              { query: source, operationName: operationName ?? undefined, variables },
              { contextValue: contexts.createBackground(contextValue, mode) },
            );
          },
        })
      : null;
  const errorReporter = createErrorReporter({ log, metrics });
  const apollo: ApolloServer<GatewayContext> = createApolloServer({
    errorReporter,
    http: config.http,
    schema,
    redis,
    log,
    metrics,
    compiler,
    tokens,
    visibleSchemas,
    limits: limits.listener,
    cache:
      caching === null
        ? null
        : createResponseCacheListener(
            caching,
            new PieceAnswerer({
              operations: new OperationParts(schema),
              caching,
              execute: createExecution(schema, compiler),
              contexts,
            }),
          ),
  });
  await apollo.start();
  // Opened once all that it asks is there; nobody listens before.
  let hits: HitPath | null = null;
  const frontDoor: FrontDoor | null =
    caching === null
      ? null
      : (request, response, passOn) => (hits === null ? passOn() : hits.handle(request, response, passOn));
  const { server, draining } = await createHttpServer({ config, log, metrics, frontDoor });

  const identity = await openIdentity(server, {
    config,
    app: parts.app,
    tiers,
    storage: parts.storage ?? null,
    redis,
    changes: changes?.node ?? null,
    prisma: parts.prisma,
    log,
    metrics: metrics.identity,
  });
  const lag = watchEventLoop();
  const admission = new Admission({ limits: config.admission, tiers, lag });
  let known: KnownRequests | null = null;
  if (caching !== null && changes !== null) {
    const opened = openHitPath({
      ...{ path: GRAPHQL_PATH, config, bindings, admission, limits, variations, sampler, log, metrics },
      asked: parts.caching?.asked ?? null,
      changes: changes.node,
      tokens: changes.tokens,
      viewers: identity.viewers,
      isDraining: draining.isDraining,
      isDistrusted: (key) => caching.isDistrusted(key),
    });
    hits = opened.hits;
    known = opened.known;
  }
  registerGraphQLRoute(server, {
    denials: limits.denials,
    admission,
    apollo,
    readViewer: identity.readViewer,
    http: config.http,
    readPosition: (headers) => readPosition(headers, tokens, metrics.changes),
    vary: variations.headers,
    createContext,
  });
  const subscriptions =
    schema.getSubscriptionType() == null
      ? null
      : openSubscriptions(server, {
          ...{ config, schema, contexts, variations, log },
          http: config.http,
          settings: config.subscriptions,
          rules: [createBoundsRule(config.http)],
          texts: new TextGuard(config.http.maxQueryTokens),
          costs: parts.costs ?? null,
          metrics: metrics.subscriptions,
          viewers: identity.viewers,
          readViewer: identity.readViewer,
          createLimits: limits.createLimits,
          formatError: errorReporter.formatError,
        });
  registerOperatorRoutes(server, {
    checks: listChecks(parts),
    readinessTimeoutMs: config.http.readinessTimeoutMs,
    metrics,
    readGauges: createGaugesReader(parts, metrics),
    isDraining: draining.isDraining,
  });
  registerHomeRoute(server, { hasGraphiql: config.http.graphiql });
  if (config.http.graphiql) {
    const page = {
      directory: resolve(parts.graphiqlDirectory ?? DEFAULT_GRAPHIQL_DIRECTORY),
      examples: parts.app.examples ?? [],
      signToken: createTrialToken(config, tiers),
    };
    // By itself: others serve files of their own.
    await server.register((scope) => registerGraphiqlRoutes(scope, page));
  }
  if (parts.jobs) {
    await registerQueueBoard(server, {
      queues: parts.jobs.queues,
      staff: new StaffGate(tiers),
      readViewer: identity.readViewer,
      isOpenAtHome: config.env === 'development',
    });
  }
  await server.ready();

  function createContext(request: FastifyRequest, reply: FastifyReply): GatewayContext {
    const { viewer, caller, position, activity, id: requestId } = request;
    return contexts.create(
      {
        ...{ viewer, caller, activity, requestId },
        session: identity.createSignIn(request, reply),
        caching: new RequestCaching(findCacheBypass(request), {
          learn: createLearner(request),
          explains: caching !== null && explainRight.isAsked(request.headers, viewer),
        }),
        variation: variations.of(request.headers),
        precharged: findCharged(request.raw),
      },
      position,
    );
  }

  /** Null: the request is none that the way of hits will ever look at. */
  function createLearner({ raw }: FastifyRequest): Learn | null {
    const text = known === null ? null : findRequestText(raw, GRAPHQL_PATH);
    return known === null || text === null ? null : (request) => known?.learn(text, request);
  }

  function findCacheBypass({ body }: FastifyRequest): string | null {
    if (caching === null) return 'the cache is off';
    // They share what they read, so nobody could tell which of them read what.
    return Array.isArray(body) ? 'operations of a batch are not cached' : null;
  }

  async function warmRecorded(): Promise<number> {
    const { warmRecorded: most, warmTimeoutMs } = config.cache;
    const { kept } = await warmer.warm(await warmer.listAsked(most, warmTimeoutMs));
    return kept;
  }

  let closed: Promise<void> | null = null;
  async function close(): Promise<void> {
    await subscriptions?.close();
    await draining.drain(config.http.shutdownTimeoutMs);
    await apollo.stop();
    lag.stop();
    await identity.close();
  }

  return {
    fastify: server,
    metrics,
    warm: caching === null ? null : warmRecorded,
    async listen() {
      if (caching !== null) await warmAtStart(warmer, parts.app.cacheWarming ?? [], config.cache, log);
      const { host, port } = config.http;
      try {
        await server.listen({ host, port });
      } catch (error) {
        throw explainListenError(error, host, port);
      }
      // Another one than configured where that was 0.
      const address = server.server.address();
      const boundPort = typeof address === 'object' && address !== null ? address.port : port;
      return { url: `http://${nameHost(host)}:${boundPort}`, port: boundPort };
    },
    close() {
      closed ??= close();
      return closed;
    },
  };
}

/** As if it were asked; its errors. */
async function answerUnasked(
  apollo: ApolloServer<GatewayContext>,
  { query, operationName, variables }: WarmOperation,
  contextValue: GatewayContext,
): Promise<readonly GraphQLFormattedError[]> {
  const request = { query, operationName: operationName ?? undefined, variables };
  const { body } = await apollo.executeOperation(request, { contextValue });
  return body.kind === 'single' ? (body.singleResult.errors ?? []) : [];
}

function createJobDesks(
  { jobs = null, changes = null, bindings = null }: GatewayParts,
  tiers: Tiers,
): JobDesks | null {
  if (jobs === null) return null;
  const staff = new StaffGate(tiers);
  return new JobDesks({
    ...jobs,
    changes: changes?.node ?? null,
    bindings,
    tiers,
    staff,
    clock: systemClock,
  });
}

/** For the most trusted tier, so that all can be tried. */
function createTrialToken(config: Config, tiers: Tiers): (() => Promise<string>) | null {
  const secret = findTrialSecret(config);
  const tier = tiers.all.at(-1)?.name;
  return secret === null ? null : () => signDevelopmentToken({ secret, viewerId: '1', tier });
}

function nameHost(host: string): string {
  if (['127.0.0.1', '0.0.0.0', '::'].includes(host)) return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
