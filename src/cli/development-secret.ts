import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createJwtSecret } from '../identity/development-token.js';
import type { Config } from '../kernel/config/config.js';

const MIN_CHARACTERS = 32;

/**
 * The key that tokens are signed with: the configured one, else, in development, one that is made once and kept
 * in the state directory. Null in production without a configured one: no token is accepted.
 */
export function findJwtSecret(config: Config, stateDirectory: string): string | null {
  if (config.identity.jwtSecret !== null || config.env === 'production') return config.identity.jwtSecret;
  const file = join(stateDirectory, 'jwt-secret');
  if (existsSync(file)) {
    const kept = readFileSync(file, 'utf8').trim();
    if (kept.length >= MIN_CHARACTERS) return kept;
  }
  const secret = createJwtSecret();
  mkdirSync(stateDirectory, { recursive: true });
  writeFileSync(file, secret, { mode: 0o600 });
  return secret;
}

/** The configuration with `findJwtSecret`'s secret. */
export function withDevelopmentSecret(config: Config, stateDirectory: string): Config {
  return { ...config, identity: { ...config.identity, jwtSecret: findJwtSecret(config, stateDirectory) } };
}
