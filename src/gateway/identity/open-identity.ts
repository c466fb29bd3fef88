import type { FastifyInstance } from 'fastify';
import type { Changes } from '../../changes/changes.js';
import { readApiKeyPrefix } from '../../identity/api-keys/api-key.js';
import { createApiKeyVerifier } from '../../identity/api-keys/api-key-verifier.js';
import { KeyUses } from '../../identity/api-keys/key-uses.js';
import { createTokenVerifier } from '../../identity/bearer/token-verifier.js';
import { findVerificationKey } from '../../identity/bearer/verification-key.js';
import { CredentialCache } from '../../identity/credential-cache.js';
import { sweepRevokedTokens } from '../../identity/revocation/token-revocations.js';
import { PostgresSessionStore } from '../../identity/sessions/postgres-session-store.js';
import { RedisSessionStore } from '../../identity/sessions/redis-session-store.js';
import type { SessionStore } from '../../identity/sessions/session-store.js';
import { SessionViewers } from '../../identity/sessions/session-viewers.js';
import { createAbsentSignIn, type SignIn } from '../../identity/sign-in.js';
import { type Sweeper, startSweeper } from '../../identity/sweeper.js';
import type { Tiers } from '../../identity/tiers.js';
import type { Verification } from '../../identity/verification.js';
import { createViewerReader, type ViewerReader } from '../../identity/viewer-reader.js';
import { type Clock, systemClock } from '../../kernel/clock.js';
import type { Config } from '../../kernel/config/config.js';
import type { RedisClient } from '../../kernel/redis-client.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import type { SqlClient } from '../../model/database-catalog.js';
import type { Logger } from '../../telemetry/logger.js';
import type { IdentityMetrics } from '../../telemetry/metrics.js';
import type { AppDefinition } from '../app-definition.js';
import { CookieSessions } from './cookie-sessions.js';
import { createRequestViewers, type RequestViewers, type SessionReader } from './request-viewers.js';

export interface IdentityParts {
  readonly config: Pick<Config, 'env' | 'identity'>;
  readonly app: Pick<AppDefinition, 'loadViewer'>;
  readonly tiers: Tiers;
  /** Has the engine's tables; null: no API keys, and no token is ever revoked. */
  readonly storage: SqlClient | null;
  readonly redis: RedisClient | null;
  /** Null: nobody follows changes. */
  readonly changes: Changes | null;
  /** The app's Prisma Client. */
  readonly prisma: unknown;
  readonly log: Logger;
  readonly metrics: IdentityMetrics;
  readonly clock?: Clock;
}

/** All that tells who asks. */
export interface Identity {
  readonly readViewer: RequestViewers;
  /** As far as headers alone tell. */
  readonly viewers: ViewerReader;
  /** For the resolvers of one request. */
  createSignIn: CookieSessions['createSignIn'];
  /** Writes what waits to be written, and ends timers. */
  close(): Promise<void>;
}

const SWEEP_INTERVAL_MS = 600_000;

/** Wires what checks credentials. */
export async function openIdentity(server: FastifyInstance, parts: IdentityParts): Promise<Identity> {
  const { storage, log, metrics } = parts;
  const clock = parts.clock ?? systemClock;
  const uses = storage === null ? null : openKeyUses(storage, log, clock);
  const viewers = createViewerReader({
    tokens: openTokens(parts, clock),
    keys: openKeys(parts, clock),
    onKeyUsed: (text) => uses?.note(readApiKeyPrefix(text)),
  });
  const store = createSessionStore(parts);
  const { cookies, absent } = await openSessions(server, parts, store, clock);
  const sweeper = storage === null ? null : startSweeping(storage, store, log);
  return {
    viewers,
    readViewer: createRequestViewers(viewers, cookies && countingSessions(cookies, metrics)),
    createSignIn: (request, reply) => cookies?.createSignIn(request, reply) ?? absent,
    async close() {
      await Promise.all([sweeper?.close(), uses?.close()]);
    },
  };
}

/** Null where there is no key to check tokens with. */
function openTokens(parts: IdentityParts, clock: Clock): CredentialCache | null {
  const { tiers, storage, log, metrics } = parts;
  const { identity } = parts.config;
  const key = findVerificationKey(identity, {
    onChanged: () => tokens?.forgetAll(),
    onFailure: (error) => {
      metrics.keySetFetchFailures.inc();
      log.warn({ err: error }, 'The keys for tokens could not be fetched; those that are known serve on');
    },
    clock,
  });
  const { jwtAlgorithm: algorithm, jwtIssuer: issuer, jwtAudience: audience } = identity;
  const verify = key && createTokenVerifier({ key, algorithm, issuer, audience, tiers, storage, clock });
  const tokens = verify && remember(counting('token', verify, metrics), parts, clock);
  return tokens;
}

/** Null where there is nowhere to look keys up. */
function openKeys(parts: IdentityParts, clock: Clock): CredentialCache | null {
  const { tiers, storage, metrics } = parts;
  const verify = storage && createApiKeyVerifier({ storage, tiers, clock });
  return verify && remember(counting('key', verify, metrics), parts, clock);
}

function openKeyUses(storage: SqlClient, log: Logger, clock: Clock): KeyUses {
  const onFailure = (error: unknown) => log.warn({ err: error }, 'The use of API keys could not be noted');
  return new KeyUses({ storage, onFailure, clock });
}

function remember(
  verify: (text: string) => Promise<Verification>,
  { config, changes }: IdentityParts,
  clock: Clock,
): CredentialCache {
  const { cacheEntries: maxEntries, recheckMs } = config.identity;
  return new CredentialCache({ verify, changes, maxEntries, recheckMs, clock });
}

/** The same work, each time it is done counted by its outcome. */
function counting<Args extends unknown[], Result>(
  kind: 'token' | 'key' | 'session',
  verify: (...args: Args) => Promise<Result>,
  metrics: IdentityMetrics,
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    try {
      const result = await verify(...args);
      metrics.verifications.inc({ kind, outcome: 'ok' });
      return result;
    } catch (error) {
      const isRefused = error instanceof SluiceError && error.code === 'UNAUTHENTICATED';
      metrics.verifications.inc({ kind, outcome: isRefused ? 'refused' : 'unavailable' });
      throw error;
    }
  };
}

function countingSessions(cookies: CookieSessions, metrics: IdentityMetrics): SessionReader {
  const readViewer: SessionReader['readViewer'] = (...args) => cookies.readViewer(...args);
  return {
    findCookie: (header) => cookies.findCookie(header),
    readViewer: counting('session', readViewer, metrics),
  };
}

function createSessionStore({ redis, storage }: IdentityParts): SessionStore | null {
  if (redis !== null) return new RedisSessionStore(redis);
  return storage === null ? null : new PostgresSessionStore(storage);
}

async function openSessions(
  server: FastifyInstance,
  { config, app, tiers, prisma, log }: IdentityParts,
  store: SessionStore | null,
  clock: Clock,
): Promise<{ readonly cookies: CookieSessions | null; readonly absent: SignIn }> {
  const { sessionSecret: secret, sessionTtlSeconds, viewerTtlMs } = config.identity;
  const { loadViewer } = app;
  if (secret === null)
    return { cookies: null, absent: createAbsentSignIn('SLUICE_IDENTITY_SESSION_SECRET is not set') };
  const none = (reason: string) => {
    // Somebody set the secret, and so expects sessions; development makes one for everybody.
    if (config.env === 'production') log.warn(`There are no browser sessions: ${reason}`);
    return { cookies: null, absent: createAbsentSignIn(reason) };
  };
  if (loadViewer === undefined) return none("the app's definition has no loadViewer");
  if (store === null)
    return none("there is neither Redis nor a database with Sluice's tables to keep them in");
  const viewers = new SessionViewers({
    loadViewer: async (id) => loadViewer(id, prisma),
    tiers,
    ttlMs: viewerTtlMs,
    clock,
  });
  const cookies = await CookieSessions.open(server, {
    store,
    viewers,
    secret,
    ttlSeconds: sessionTtlSeconds,
    isSecure: config.env === 'production',
    clock,
  });
  return { cookies, absent: createAbsentSignIn('not here') };
}

function startSweeping(storage: SqlClient, store: SessionStore | null, log: Logger): Sweeper {
  return startSweeper({
    intervalMs: SWEEP_INTERVAL_MS,
    sweep: async () => {
      await sweepRevokedTokens(storage);
      await store?.sweep();
    },
    onFailure: (error) => log.warn({ err: error }, 'What has expired could not be swept away'),
  });
}
