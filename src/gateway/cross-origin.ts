import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../kernel/config/config.js';
import { CACHE_STATUS_HEADER } from './caching/cache-headers.js';
import { POSITION_HEADER } from './changes/position-header.js';
import { RATE_LIMIT_HEADER, RATE_LIMIT_POLICY_HEADER } from './limits/limit-headers.js';
import { REQUEST_ID_HEADER } from './request-id.js';

const LOCALHOST = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;
/** Browsers keep the answer to a preflight this long; more than two hours none of them honours. */
const PREFLIGHT_MAX_AGE_SECONDS = 7200;

/** What pages of other origins may read of an answer, beside what they always may. */
export const EXPOSED_HEADERS: readonly string[] = [
  ...[REQUEST_ID_HEADER, POSITION_HEADER],
  ...[RATE_LIMIT_HEADER, RATE_LIMIT_POLICY_HEADER, 'retry-after'],
  ...['age', 'etag', CACHE_STATUS_HEADER],
];

/** Lets browsers call from the configured origins, and in development from any port of this machine. */
export async function registerCrossOrigin(server: FastifyInstance, config: Config): Promise<void> {
  const origins = [...config.http.corsOrigins];
  await server.register(cors, {
    origin: config.env === 'development' ? [...origins, LOCALHOST] : origins,
    methods: ['GET', 'POST'],
    exposedHeaders: [...EXPOSED_HEADERS],
    // Pages elsewhere are known by tokens and keys; the cookie of a session is for pages of this very origin.
    credentials: false,
    maxAge: PREFLIGHT_MAX_AGE_SECONDS,
    strictPreflight: false,
  });
}
