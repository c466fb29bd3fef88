import { readConfig } from '../../src/kernel/config/read-config.js';
import { SETTINGS } from '../../src/kernel/config/settings.js';
import { SluiceError } from '../../src/kernel/sluice-error.js';

function faultsOf(env: NodeJS.ProcessEnv): string {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof SluiceError && error.code === 'CONFIG_INVALID') return error.message;
    throw error;
  }
  throw new Error('no fault was found');
}

describe('Configuration', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).toMatchObject({
      env: 'development',
      database: { url: null, prepared: true, migrate: 'manual', poolSize: 10 },
      redis: { url: null },
      http: {
        port: 4000,
        host: '127.0.0.1',
        introspection: 'on',
        batching: false,
        graphiql: true,
        corsOrigins: [],
      },
      reads: { driver: 'pg', defaultPageRows: 20, maxPageRows: 1000, plan: true },
      execution: { compiled: true },
      changes: { enabled: true, maxLagMs: 100, pollIntervalMs: 15, settleTimeoutMs: 1000 },
      identity: { jwtSecret: null },
      limits: {
        mode: 'dry-run',
        redisDeadlineMs: 50,
        onLoss: { requests: 'local-share', cost: 'local-share', field: 'local-share' },
        block: { violations: 10, windowSeconds: 3600, seconds: 86_400 },
        allowList: [],
      },
      log: { level: 'info', format: 'pretty' },
    });
  });

  it('has other defaults in production, which can be overruled', () => {
    expect(readConfig({ SLUICE_ENV: 'production' })).toMatchObject({
      env: 'production',
      http: { host: '0.0.0.0', graphiql: false, introspection: 'on' },
      limits: { mode: 'enforce' },
      log: { format: 'json' },
    });
    expect(readConfig({ SLUICE_ENV: 'production', SLUICE_HTTP_GRAPHIQL: 'on' }).http.graphiql).toBe(true);
  });

  it('is read from the variables of the process by default', () => {
    expect(readConfig().http.maxBodyBytes).toBe(1_048_576);
  });

  it('reads every variable', () => {
    const config = readConfig({
      DATABASE_URL: 'postgres://u:p@db.example/app?sslmode=require',
      REDIS_URL: 'rediss://cache.example:6380/1',
      PORT: '0',
      SLUICE_DATABASE_PREPARED: 'off',
      SLUICE_DATABASE_MIGRATE: 'on-start',
      SLUICE_DATABASE_STATEMENT_TIMEOUT_MS: '0',
      SLUICE_HTTP_CORS_ORIGINS: 'https://a.example, http://b.example:8080',
      SLUICE_HTTP_CDN_URL: 'https://cdn.example/files//',
      SLUICE_HTTP_BATCHING: 'TRUE',
      SLUICE_READS_DRIVER: 'prisma',
      SLUICE_IDENTITY_JWT_SECRET: 'x'.repeat(32),
      SLUICE_LIMITS_ON_LOSS_FIELDS: 'closed',
      SLUICE_LIMITS_ALLOW_LIST: 'user:42, 10.0.0.0/8',
      SLUICE_LOG_LEVEL: 'debug',
    });
    expect(config).toMatchObject({
      database: {
        url: 'postgres://u:p@db.example/app?sslmode=require',
        prepared: false,
        migrate: 'on-start',
        statementTimeoutMs: 0,
      },
      redis: { url: 'rediss://cache.example:6380/1' },
      http: {
        port: 0,
        corsOrigins: ['https://a.example', 'http://b.example:8080'],
        cdnUrl: 'https://cdn.example/files',
        batching: true,
      },
      reads: { driver: 'prisma' },
      identity: { jwtSecret: 'x'.repeat(32) },
      limits: { onLoss: { requests: 'local-share', field: 'closed' }, allowList: ['user:42', '10.0.0.0/8'] },
      log: { level: 'debug' },
    });
  });

  it('takes an empty variable for an absent one, and ignores space around a value', () => {
    expect(readConfig({ PORT: '', SLUICE_LOG_LEVEL: '  ', DATABASE_URL: '' })).toEqual(readConfig({}));
    expect(readConfig({ PORT: ' 5000 ' }).http.port).toBe(5000);
  });

  it('takes any origin for *', () => {
    expect(readConfig({ SLUICE_HTTP_CORS_ORIGINS: '*' }).http.corsOrigins).toEqual(['*']);
  });
});

describe('Faults in the configuration', () => {
  it('are all told at once, with variable, value and what was expected', () => {
    expect(
      faultsOf({
        PORT: '99999',
        SLUICE_LOG_LEVEL: 'loud',
        SLUICE_HTTP_BATCHING: 'maybe',
        REDIS_URL: 'http://x',
        SLUICE_DATABASE_POOL_SIZE: '1.5',
      }),
    ).toBe(
      [
        'The environment has 5 faults:',
        '  SLUICE_DATABASE_POOL_SIZE is "1.5": expected a whole number from 1 to 1000',
        '  REDIS_URL is "http://x": expected redis://host:6379, redis+sentinel://host:26379/<master>?nodes=host:26379, or redis+cluster://host:6379?nodes=host:6379; rediss for TLS',
        '  PORT is "99999": expected a whole number from 0 to 65535',
        '  SLUICE_HTTP_BATCHING is "maybe": expected on or off',
        '  SLUICE_LOG_LEVEL is "loud": expected one of silent, fatal, error, warn, info, debug, trace',
      ].join('\n'),
    );
  });

  it('never show a secret, not even one in a URL that is no URL', () => {
    const message = faultsOf({
      SLUICE_IDENTITY_JWT_SECRET: 'hunter2',
      DATABASE_URL: 'mysql://root:hunter2@db/x?password=hunter2',
      REDIS_URL: 'redis//:hun@ter2@cache',
    });
    expect(message).not.toContain('hunter2');
    expect(message).toContain('a secret of 7 characters');
    expect(message).toContain('mysql://root:***@db/x?password=***');
    expect(faultsOf({ DATABASE_URL: 'mysql://:hunter2/@x' })).not.toContain('hunter2');
  });

  it('bound how much of a value is shown', () => {
    expect(faultsOf({ PORT: 'x'.repeat(10_000) }).length).toBeLessThan(300);
  });

  it('name variables that do not exist, and the one that was probably meant', () => {
    expect(faultsOf({ SLUICE_HTP_HOST: 'x', SLUICE_Q: '1', OTHER: '2' })).toBe(
      [
        'The environment has 2 faults:',
        '  SLUICE_HTP_HOST is unknown (did you mean "SLUICE_HTTP_HOST"?)',
        '  SLUICE_Q is unknown',
      ].join('\n'),
    );
  });

  it('are found between settings that contradict each other', () => {
    expect(faultsOf({ SLUICE_READS_DEFAULT_PAGE_ROWS: '50', SLUICE_READS_MAX_PAGE_ROWS: '10' })).toBe(
      'The environment has one fault:\n  SLUICE_READS_DEFAULT_PAGE_ROWS is 50: expected at most SLUICE_READS_MAX_PAGE_ROWS, which is 10',
    );
    expect(faultsOf({ SLUICE_CHANGES_MAX_LAG_MS: '20' })).toBe(
      'The environment has one fault:\n  SLUICE_CHANGES_POLL_INTERVAL_MS is 15: expected at most half of SLUICE_CHANGES_MAX_LAG_MS, which is 20',
    );
  });

  it('are found in values of every other kind', () => {
    for (const [name, value] of [
      ['SLUICE_ENV', 'staging'],
      ['SLUICE_HTTP_HOST', 'http://x'],
      ['SLUICE_HTTP_CORS_ORIGINS', 'https://a.example/path'],
      ['SLUICE_HTTP_CORS_ORIGINS', 'a.example'],
      ['SLUICE_HTTP_CDN_URL', 'cdn.example'],
      ['PORT', '1e3'],
      ['PORT', '-1'],
      ['SLUICE_HTTP_MAX_BODY_BYTES', '9'.repeat(30)],
    ] as const) {
      expect(faultsOf({ [name]: value })).toContain(`${name} is `);
    }
  });
});

describe('The table of settings', () => {
  it('says of each what it is, and has a default that it would accept itself', () => {
    for (const [name, setting] of Object.entries(SETTINGS)) {
      expect(setting.about).toMatch(/\.$/);
      expect(setting.expected.length).toBeGreaterThan(3);
      for (const environment of ['development', 'production'] as const) {
        const value: unknown =
          typeof setting.default === 'function' ? setting.default(environment) : setting.default;
        if (value === null || Array.isArray(value)) continue;
        const text = value === true ? 'on' : value === false ? 'off' : String(value);
        expect([name, setting.schema.safeParse(text).data]).toEqual([name, value]);
      }
    }
  });
});
