import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import type { OperationCompiler } from '../binding/compiled/operation-compiler.js';
import type { VisibleSchemas } from '../binding/visibility/visible-schemas.js';
import type { PositionTokens } from '../changes/position-tokens.js';
import type { Config } from '../kernel/config/config.js';
import type { RedisClient } from '../kernel/redis-client.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import { createBoundsRule } from './bounds/bounds-rule.js';
import { stringifyResult } from './caching/encoded-data.js';
import { createChangesListener } from './changes/changes-listener.js';
import { createCompiledExecutionListener } from './compiled-execution-listener.js';
import { createDocumentStore } from './document-store.js';
import type { ErrorReporter } from './errors/error-reporter.js';
import type { GatewayContext } from './gateway-context.js';
import { mediaTypeListener } from './media-type-listener.js';
import { operationKindRule } from './operation-kind-rule.js';
import { createOperationListener } from './operation-listener.js';
import { createPersistedQueryCache } from './persisted-queries/create-persisted-query-cache.js';
import { joinListeners, type RequestListener } from './request-listener.js';
import { createVisibleIntrospectionListener } from './visible-introspection-listener.js';

/** What an Apollo Server is made of. */
export interface ApolloServerParts {
  readonly http: Config['http'];
  readonly schema: GraphQLSchema;
  readonly redis: RedisClient | null;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly errorReporter: ErrorReporter;
  /** Null: graphql-js executes everything. */
  readonly compiler: OperationCompiler | null;
  /** Null: all clients are shown the same schema. */
  readonly visibleSchemas: VisibleSchemas | null;
  /** Null: nobody is held to limits. */
  readonly limits: RequestListener | null;
  /** Null: nothing is kept. */
  readonly cache: RequestListener | null;
  /** Null: positions are neither given nor taken. */
  readonly tokens: PositionTokens | null;
}

/** An Apollo Server, not started, that knows no transport. */
export function createApolloServer(parts: ApolloServerParts): ApolloServer<GatewayContext> {
  const { http, schema, redis, log, metrics } = parts;
  const { errorReporter } = parts;
  return new ApolloServer<GatewayContext>({
    schema,
    introspection: http.introspection !== 'off',
    // Who may not read the whole schema is not to guess it from "did you mean" either.
    hideSchemaDetailsFromClientErrors: http.introspection !== 'on',
    allowBatchedHttpRequests: http.batching,
    csrfPrevention: true,
    persistedQueries: {
      cache: createPersistedQueryCache({ redis, ttlSeconds: http.persistedQueryTtlSeconds, metrics }),
      ttl: http.persistedQueryTtlSeconds,
    },
    documentStore: createDocumentStore(),
    parseOptions: { maxTokens: http.maxQueryTokens },
    validationRules: [operationKindRule, createBoundsRule(http)],
    includeStacktraceInErrorResponses: false,
    formatError: errorReporter.formatError,
    stopOnTerminationSignals: false,
    logger: log,
    plugins: [
      // Hooks every field, which doubles the CPU of a list; cache headers are ours to set.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      // Whatever APOLLO_* variables the environment has, nothing is reported to anyone.
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      errorReporter.plugin,
      joinListeners([
        errorReporter.listener,
        createOperationListener(metrics),
        // Before anything is waited for or executed.
        ...(parts.limits === null ? [] : [parts.limits]),
        createChangesListener(parts.tokens),
        ...(parts.visibleSchemas === null ? [] : [createVisibleIntrospectionListener(parts.visibleSchemas)]),
        // Behind whatever decides who may ask, before whatever reads.
        ...(parts.cache === null ? [] : [parts.cache]),
        ...(parts.compiler === null ? [] : [createCompiledExecutionListener(parts.compiler)]),
        mediaTypeListener,
      ]),
    ],
    stringifyResult,
  });
}
