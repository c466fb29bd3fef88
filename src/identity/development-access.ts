import type { Config } from '../kernel/config/config.js';

/**
 * The secret that tokens for trying things out may be signed with, or null. Only in development and on the embedded
 * database, whose rows are nobody's: a token shown on a screen must open nothing else.
 */
export function findTrialSecret({ env, database, identity }: Config): string | null {
  return env === 'development' && database.url === null ? identity.jwtSecret : null;
}
