import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readToken } from '../identity/viewer-readers.js';
import { type LinkedProject, linkProject, REPOSITORY } from './linked-project.js';

const SECRET = 'a secret of the tests, long enough for HS256';

let project: LinkedProject;
beforeAll(async () => {
  project = await linkProject({ copied: ['schema'] });
});
afterAll(() => project.remove());

describe('sluice', () => {
  it('lists its commands', async () => {
    const { code, output } = await project.run(['--help']);
    expect(code).toBe(0);
    for (const name of ['start', 'dev', 'migrate', 'seed', 'schema', 'check', 'token', 'env']) {
      expect(output).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
    }
  });

  it('tells its version', async () => {
    const { version } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8'));
    expect(await project.run(['--version'])).toEqual({ code: 0, output: `${version}\n`, notes: '' });
  });

  it('refuses an unknown command and names the nearest', async () => {
    const { code, notes } = await project.run(['migrat']);
    expect(code).toBe(1);
    expect(notes).toContain("unknown command 'migrat'");
    expect(notes).toContain('Did you mean migrate?');
  });

  it('tells every fault of the environment at once', async () => {
    const env = { PORT: 'many', SLUICE_READS_DRIVR: 'pg' };
    const { code, notes } = await project.run(['start'], { env });
    expect(code).toBe(1);
    expect(notes).toContain('PORT is "many": expected a whole number');
    expect(notes).toContain('SLUICE_READS_DRIVR is unknown (did you mean "SLUICE_READS_DRIVER"?)');
    expect(notes).not.toContain('    at ');
  });

  it('shows how an error came about where debugging is asked for', async () => {
    const { notes } = await project.run(['check'], { env: { PORT: 'many', SLUICE_LOG_LEVEL: 'debug' } });
    expect(notes).toMatch(/SluiceError: The environment has one fault[\s\S]*\n {4}at /);
  });
});

describe('sluice check', () => {
  it('says that the app fits its model, without a database', async () => {
    const { code, output } = await project.run(['check'], {
      env: { DATABASE_URL: 'postgresql://nobody@127.0.0.1:9/none' },
    });
    expect([code, output]).toEqual([
      0,
      expect.stringMatching(/^✓ schema\/shop fits the model: \d+ types on 15 models\n$/),
    ]);
  });

  it('tells all faults with file, line and the nearest name', async () => {
    project.write(
      'schema/shop/faulty.graphql',
      'extend type Product {\n  nmae: String! @column(name: "nmae")\n  rewiews: [Review!]! @relation(name: "rewiews")\n}\n',
    );
    const { code, notes } = await project.run(['check']);
    project.write('schema/shop/faulty.graphql', '');
    expect(code).toBe(1);
    expect(notes).toMatch(/schema\/shop\/faulty\.graphql:2:\d+ .*nmae.*did you mean "name"/);
    expect(notes).toMatch(/schema\/shop\/faulty\.graphql:3:\d+ .*rewiews.*did you mean "reviews"/);
  });
});

describe('sluice schema print', () => {
  it('prints what schema.graphql holds', async () => {
    const { code, output } = await project.run(['schema', 'print']);
    expect(code).toBe(0);
    // Outdated? npm run schema:print
    expect(output).toBe(readFileSync(join(REPOSITORY, 'schema.graphql'), 'utf8'));
  });

  it('writes it to a file', async () => {
    const { code, output } = await project.run(['schema', 'print', '--out', 'printed.graphql']);
    expect([code, output]).toEqual([0, '']);
    expect(readFileSync(join(project.root, 'printed.graphql'), 'utf8')).toContain('type Query {');
  });
});

describe('sluice env', () => {
  it('prints what .env.example holds', async () => {
    const { output } = await project.run(['env']);
    // Outdated? npm run sluice -- env --out .env.example
    expect(output).toBe(readFileSync(join(REPOSITORY, '.env.example'), 'utf8'));
  });

  it('writes it to a file', async () => {
    await project.run(['env', '--out', 'settings.env']);
    expect(readFileSync(join(project.root, 'settings.env'), 'utf8')).toContain('#PORT=4000');
  });
});

describe('sluice token', () => {
  it('prints a token that the server accepts', async () => {
    const { code, output } = await project.run(
      ['token', '--user', '7', '--tier', 'premium', '--scope', 'catalog:write', 'orders:read'],
      { env: { SLUICE_IDENTITY_JWT_SECRET: SECRET } },
    );
    expect(code).toBe(0);
    const viewer = await readToken(SECRET, output.trim());
    expect(viewer).toMatchObject({ id: '7', tier: 'premium', scopes: ['catalog:write', 'orders:read'] });
  });

  it('makes a key in development and keeps it to itself', async () => {
    const { output } = await project.run(['token', '--user', '7']);
    await project.run(['token', '--user', '8']);
    const secret = readFileSync(join(project.root, '.sluice/jwt-secret'), 'utf8');
    const viewer = await readToken(secret, output.trim());
    expect(viewer.id).toBe('7');
  });

  it('replaces a key that was cut off', async () => {
    project.write('.sluice/jwt-secret', 'short');
    expect((await project.run(['token', '--user', '7'])).code).toBe(0);
    expect(readFileSync(join(project.root, '.sluice/jwt-secret'), 'utf8')).toHaveLength(64);
  });

  it('signs nothing in production without a key', async () => {
    const { code, notes } = await project.run(['token', '--user', '7'], {
      env: { SLUICE_ENV: 'production' },
    });
    expect([code, notes]).toEqual([1, expect.stringContaining('✗ There is no key to sign tokens with')]);
  });

  it('asks whom it is for', async () => {
    const { code, notes } = await project.run(['token']);
    expect([code, notes]).toEqual([1, "error: required option '--user <id>' not specified\n"]);
  });
});

describe('sluice seed', () => {
  it('refuses a scale that is none', async () => {
    const { code, notes } = await project.run(['seed', '--scale', 'big']);
    expect([code, notes]).toEqual([1, expect.stringContaining('Expected a number above 0')]);
  });
});
