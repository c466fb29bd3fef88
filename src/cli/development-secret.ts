import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createJwtSecret } from '../identity/development-token.js';
import type { Config } from '../kernel/config/config.js';

const MIN_CHARACTERS = 32;

/**
 * The key that tokens are signed with: the configured one, else, in development, one that is made once and kept
 * in the state directory. Null in production without a configured one, and where tokens are checked with a public key.
 */
export function findJwtSecret(config: Config, stateDirectory: string): string | null {
  if (config.identity.jwtAlgorithm !== 'HS256') return null;
  return findSecret(config, config.identity.jwtSecret, join(stateDirectory, 'jwt-secret'));
}

/** As `findJwtSecret`, the key that cookies of sessions are signed with. */
function findSessionSecret(config: Config, stateDirectory: string): string | null {
  return findSecret(config, config.identity.sessionSecret, join(stateDirectory, 'session-secret'));
}

function findSecret({ env }: Config, configured: string | null, file: string): string | null {
  if (configured !== null || env === 'production') return configured;
  if (existsSync(file)) {
    const kept = readFileSync(file, 'utf8').trim();
    if (kept.length >= MIN_CHARACTERS) return kept;
  }
  const secret = createJwtSecret();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, secret, { mode: 0o600 });
  return secret;
}

/** The configuration with the secrets that development makes for itself. */
export function withDevelopmentSecret(config: Config, stateDirectory: string): Config {
  const jwtSecret = findJwtSecret(config, stateDirectory);
  const sessionSecret = findSessionSecret(config, stateDirectory);
  return { ...config, identity: { ...config.identity, jwtSecret, sessionSecret } };
}
