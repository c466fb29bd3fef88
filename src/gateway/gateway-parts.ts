import type { FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Bindings } from '../binding/bindings.js';
import type { OperationCompiler } from '../binding/compiled/operation-compiler.js';
import type { OperationCosts } from '../binding/cost/operation-costs.js';
import type { Changes } from '../changes/changes.js';
import type { PositionTokens } from '../changes/position-tokens.js';
import type { Counters } from '../counters/counters.js';
import type { Config } from '../kernel/config/config.js';
import type { RedisClient } from '../kernel/redis-client.js';
import type { SqlClient } from '../model/database-catalog.js';
import type { ModelGraph } from '../model/model-graph.js';
import type { PlanReader } from '../reads/plan/read-plan.js';
import type { RowReader } from '../reads/row-reader.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import type { AppDefinition } from './app-definition.js';
import type { GatewayCaching } from './caching/open-caching.js';
import type { GatewayJobsParts } from './jobs/gateway-jobs.js';
import type { ReadinessCheck } from './readiness.js';
import type { QueryablePool } from './readiness-checks.js';

/** What a gateway serves, and with what. All of it stays the caller's, who closes it after the gateway. */
export interface GatewayParts {
  readonly config: Config;
  readonly schema: GraphQLSchema;
  readonly graph: ModelGraph;
  readonly reader: RowReader;
  /** Answers whole plans; null or left out: everything is read through loaders. */
  readonly plans?: PlanReader | null;
  /** Runs what it can of the schema's operations; null or left out: graphql-js executes everything. */
  readonly compiler?: OperationCompiler | null;
  /** What the schema's types stand for, and who may see them; null or left out: everything is everyone's. */
  readonly bindings?: Bindings | null;
  /** The app's Prisma Client; resolvers get one that notes what they write through it. */
  readonly prisma: unknown;
  /** Null or left out: nobody follows changes, and writes are answered without waiting for anyone. */
  readonly changes?: GatewayChanges | null;
  /** Null or left out, or without `changes`: nothing is kept, as nobody could tell when it is outdated. */
  readonly caching?: GatewayCaching | null;
  /** Asked by `/readyz`; null where there is no database. */
  readonly pool: QueryablePool | null;
  /**
   * A database with the engine's tables, for API keys, revocations and sessions. Null or left out: there are no keys,
   * no token is ever revoked, and sessions need Redis.
   */
  readonly storage?: SqlClient | null;
  /** Null: memory serves instead. */
  readonly redis: RedisClient | null;
  /** What operations cost; null or left out: nobody is held to limits. */
  readonly costs?: OperationCosts | null;
  /** Null or left out: nothing runs in the background. */
  readonly jobs?: GatewayJobsParts | null;
  /** Null or left out: there are none that an app may count. */
  readonly counters?: Counters | null;
  /** Keeps apart what shares a Redis: the database's name. */
  readonly place?: string;
  readonly app: AppDefinition;
  /** Asked by `/readyz` beside database and Redis. */
  readonly checks?: readonly ReadinessCheck[];
  /** Default: one as the configuration says, to standard output. */
  readonly log?: Logger;
  /** Default: a registry of the gateway's own. */
  readonly metrics?: Metrics;
  /** Where `buildGraphiql` puts the page. Default: `.sluice/graphiql` below the working directory. */
  readonly graphiqlDirectory?: string;
}

/** What the gateway needs to know of changes. */
export interface GatewayChanges {
  readonly node: Changes;
  readonly tokens: PositionTokens;
}

/** A gateway, ready to listen. */
export interface Gateway {
  /** Without listening: for tests and for embedding. */
  readonly fastify: FastifyInstance;
  readonly metrics: Metrics;
  /**
   * Starts to accept connections on the configured host and port; `url` is one that a browser on this machine
   * can open.
   *
   * @throws SluiceError `PORT_TAKEN`
   */
  listen(): Promise<{ readonly url: string; readonly port: number }>;
  /**
   * Answers what is asked most before anybody asks, as the configuration says; null where nothing is kept.
   *
   * @returns how many answers are kept now
   */
  readonly warm: (() => Promise<number>) | null;
  /** Finishes what is in flight, within the configured time, then cuts it. May be called more than once. */
  close(): Promise<void>;
}
