import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Setting } from '../../kernel/config/setting.js';
import { SETTINGS } from '../../kernel/config/settings.js';
import type { CommandContext } from '../command-context.js';

/** Writes a `.env` to fill in to a file, or prints it. */
export async function printEnv({ root, terminal }: CommandContext, file: string | null): Promise<void> {
  const text = renderEnv();
  if (file === null) {
    terminal.out(text.trimEnd());
    return;
  }
  await writeFile(resolve(root, file), text);
  terminal.note(`${terminal.colors.green('✓')} ${file}`);
}

/** Every setting, commented out, with what it is for, what it may be and its default. */
export function renderEnv(): string {
  const entries = Object.entries(SETTINGS).map(([name, setting]) =>
    renderSetting(name, setting as Setting<unknown>),
  );
  const head =
    '# Copy to .env and uncomment what you want to change. Variables of the environment win over this file.\n' +
    '# Written by `npm run sluice -- env --out .env.example`.';
  return `${[head, ...entries].join('\n\n')}\n`;
}

/** For what has no default that could be shown. */
const EXAMPLES: Partial<Record<string, string>> = {
  DATABASE_URL: 'postgresql://user:password@localhost:5432/database',
  REDIS_URL: 'redis://localhost:6379',
  SLUICE_CACHE_REDIS_URL: 'redis://localhost:6380',
  SLUICE_HTTP_CORS_ORIGINS: 'https://www.example.com',
  SLUICE_HTTP_TRUSTED_PROXIES: '10.0.0.0/8,::1',
  SLUICE_HTTP_CDN_URL: 'https://cdn.example.com',
  SLUICE_READS_CUSTOM_PLANS: 'Animal,Animal.foods',
  SLUICE_LIMITS_ALLOW_LIST: 'viewer:42,10.0.0.0/8',
  SLUICE_IDENTITY_JWT_SECRET: 'at-least-32-random-characters-of-your-own',
  SLUICE_IDENTITY_JWT_PUBLIC_KEY:
    '-----BEGIN PUBLIC KEY-----\\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEXtE5T4r9PMyoeg5onycH96IG1ElJ\\n5iVhazD4wCTYEdYkET1YbvZrT8zxRat5VLIFzCB7SOTwrTDrDZVwhslgWQ==\\n-----END PUBLIC KEY-----',
  SLUICE_IDENTITY_JWKS_URL: 'https://login.example.com/.well-known/jwks.json',
  SLUICE_IDENTITY_JWT_ISSUER: 'https://login.example.com/',
  SLUICE_IDENTITY_JWT_AUDIENCE: 'https://api.example.com',
  SLUICE_IDENTITY_SESSION_SECRET: 'at-least-32-random-characters-of-your-own',
};

function renderSetting(name: string, setting: Setting<unknown>): string {
  return [
    `# ${setting.about}`,
    `# Expected: ${setting.expected}`,
    `#${name}=${EXAMPLES[name] ?? renderDefault(setting.default)}`,
  ].join('\n');
}

function renderDefault(value: Setting<unknown>['default']): string {
  const inDevelopment = typeof value === 'function' ? value('development') : value;
  if (typeof inDevelopment === 'boolean') return inDevelopment ? 'on' : 'off';
  return String(inDevelopment);
}
