import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { copyProject, type ProjectCopy } from './project-copy.js';
import { runBootstrap } from './run-bootstrap.js';

// Steps run real compilers; on a busy machine they take their time.
jest.setTimeout(120_000);

const NOBODY = { uid: 65_534, gid: 65_534 };

/** The lines of steps that were begun, without the times. */
function listSteps(stderr: string): string[] {
  return [...stderr.matchAll(/^(.*) …$/gm)].map(([, title = '']) => title).sort();
}

describe('Before anything is installed', () => {
  let clone: ProjectCopy;
  beforeAll(async () => {
    clone = await copyProject({ packages: 'none', paths: ['scripts', 'package.json', 'package-lock.json'] });
  });
  afterAll(() => clone.remove());

  /** An npm that ends as the real one does in trouble that can't be had here. */
  function putNpm(output: string): Record<string, string> {
    const folder = join(clone.root, 'bin');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'npm'), `#!/bin/sh\necho "$@" > "${clone.root}/npm-arguments"\n${output}\n`);
    chmodSync(join(folder, 'npm'), 0o755);
    return { PATH: `${folder}:${process.env.PATH}` };
  }

  it('an old Node is refused in one sentence', async () => {
    const disguise = 'Object.defineProperty(process,"versions",{value:{...process.versions,node:"18.20.1"}})';
    const { code, stderr } = await runBootstrap(clone.root, ['start'], {
      nodeArguments: ['--import', `data:text/javascript,${encodeURIComponent(disguise)}`],
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^✗ Sluice needs Node 20.19 or later; this is 18.20.1.\n/);
    expect(stderr.trim().split('\n')).toHaveLength(2);
  });

  it('an unknown command is named, with those there are', async () => {
    const { code, stderr } = await runBootstrap(clone.root, ['strat']);
    expect(code).toBe(1);
    expect(stderr).toBe(
      '✗ Unknown command strat.\n  One of start, dev, test, coverage, chaos, cli, generate.\n',
    );
  });

  it('a registry that is out of reach is named', async () => {
    const env = putNpm(
      'echo "npm error code ENOTFOUND\nnpm error network request to https://registry.example/zod failed" >&2; exit 1',
    );
    const { code, stderr } = await runBootstrap(clone.root, ['generate'], { env });
    expect(code).toBe(1);
    expect(stderr).toContain("✗ npm ci can't reach https://registry.example.\n  Check the network");
  });

  it('packages that do not match the lock file are installed anew', async () => {
    const folder = join(clone.root, 'node_modules');
    mkdirSync(folder);
    const graphql = { 'node_modules/graphql': { version: '0.0.1' } };
    writeFileSync(join(folder, '.package-lock.json'), JSON.stringify({ packages: graphql }));
    const { stderr } = await runBootstrap(clone.root, ['generate'], { env: putNpm('exit 1') });
    expect(stderr).toContain('Installing packages (npm ci)');
    rmSync(folder, { recursive: true });
  });

  it('a full disk is called that', async () => {
    const env = putNpm(
      'echo "npm error code ENOSPC\nnpm error nospc ENOSPC: no space left on device, write" >&2; exit 228',
    );
    const { code, stderr } = await runBootstrap(clone.root, ['generate'], { env });
    expect(code).toBe(1);
    expect(stderr).toContain('✗ The disk is full.\n  Free some space');
  });

  it('packages that npm could not unpack do not count as installed, though it reports success', async () => {
    const lock = 'mkdir -p node_modules; cp package-lock.json node_modules/.package-lock.json';
    const env = putNpm(
      `${lock}; echo "npm warn tar TAR_ENTRY_ERROR ENOSPC: no space left on device, write" >&2`,
    );
    for (const attempt of [1, 2]) {
      const { code, stderr } = await runBootstrap(clone.root, ['generate'], { env });
      expect([attempt, code, stderr]).toEqual([attempt, 1, expect.stringContaining('✗ The disk is full.')]);
    }
    rmSync(join(clone.root, 'node_modules'), { recursive: true });
  });

  it('a lock file that package.json has left behind asks for npm install', async () => {
    const env = putNpm(
      'echo "npm error code EUSAGE\nnpm error npm ci can only install when in sync" >&2; exit 1',
    );
    const { stderr } = await runBootstrap(clone.root, ['generate'], { env });
    expect(stderr).toContain('✗ package.json and package-lock.json do not agree.\n  Run npm install once.');
  });

  it('what npm says is shown where it fails for another reason', async () => {
    const env = putNpm('echo "npm error some postinstall broke" >&2; exit 1');
    const { stderr } = await runBootstrap(clone.root, ['generate'], { env });
    expect(stderr).toContain('npm error some postinstall broke\n\n✗ npm ci failed.\n');
  });

  it('development packages are installed in production too, as they build the server', async () => {
    const env = { ...putNpm('exit 1'), NODE_ENV: 'production' };
    await runBootstrap(clone.root, ['generate'], { env });
    expect(readFileSync(join(clone.root, 'npm-arguments'), 'utf8')).toContain('ci --include=dev');
  });

  it('the exit code of a signal tells which it was, and npm is ended with it', async () => {
    const env = putNpm('kill -TERM $PPID; exec sleep 60');
    const { code } = await runBootstrap(clone.root, ['generate'], { env });
    expect(code).toBe(143);
  });
});

describe('In a folder that may not be written', () => {
  it('one sentence says so', async () => {
    const clone = await copyProject({
      packages: 'none',
      paths: ['scripts', 'package.json', 'package-lock.json'],
    });
    chmodSync(clone.root, 0o555);
    try {
      // Root may write everywhere.
      const account = process.getuid?.() === 0 ? { account: NOBODY } : {};
      const { code, stderr } = await runBootstrap(clone.root, ['generate'], account);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^✗ .*\.sluice.* can't be written: permission denied\.\n {2}Make .* yours/);
    } finally {
      chmodSync(clone.root, 0o755);
      await clone.remove();
    }
  });
});

describe('Once the packages are there', () => {
  let clone: ProjectCopy;
  beforeAll(async () => {
    clone = await copyProject({ packages: 'linked' });
  });
  afterAll(() => clone.remove());

  it('the first run generates what is missing, two at a time without getting into each other’s way', async () => {
    const [first, second] = await Promise.all([
      runBootstrap(clone.root, ['generate']),
      runBootstrap(clone.root, ['generate']),
    ]);
    expect([first.code, second.code]).toEqual([0, 0]);
    const steps = listSteps(first.stderr + second.stderr).filter((step) => step.startsWith('Generating'));
    expect(steps).toEqual([
      'Generating resolver types',
      'Generating the Prisma Client and the model graph',
      "Generating the test domain's Prisma Client",
    ]);
    expect(existsSync(join(clone.root, '.sluice/bootstrap.lock'))).toBe(false);
  });

  it('the next one has nothing to do', async () => {
    const { code, stderr } = await runBootstrap(clone.root, ['generate']);
    expect([code, stderr]).toEqual([0, '']);
  });

  it('an edit repeats only what reads it', async () => {
    appendFileSync(join(clone.root, 'schema/shop/query.graphql'), '\nextend type Query { added: Int }\n');
    const { code, stderr } = await runBootstrap(clone.root, ['generate']);
    expect([code, listSteps(stderr)]).toEqual([0, ['Generating resolver types']]);
    expect(readFileSync(join(clone.root, 'src/generated/graphql.ts'), 'utf8')).toContain('added?:');
  });

  it('what was deleted is made again', async () => {
    rmSync(join(clone.root, 'src/generated/graphql.ts'));
    expect(listSteps((await runBootstrap(clone.root, ['generate'])).stderr)).toEqual([
      'Generating resolver types',
    ]);
  });

  it('a fault in SDL is told with its place, until it is mended', async () => {
    const file = join(clone.root, 'schema/shop/query.graphql');
    const sound = readFileSync(file, 'utf8');
    appendFileSync(file, 'type {\n');
    const { code, stderr } = await runBootstrap(clone.root, ['generate']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/schema\/shop\/query\.graphql:\d+:6 Syntax Error: Expected Name, found "\{"/);
    expect(stderr).not.toContain('    at ');
    writeFileSync(file, sound);
    expect((await runBootstrap(clone.root, ['generate'])).code).toBe(0);
  });

  it('a fault in the Prisma schema is told with its place', async () => {
    const file = join(clone.root, 'prisma/schema.prisma');
    const sound = readFileSync(file, 'utf8');
    appendFileSync(file, '\nmodel Broken {\n  id Strin @id\n}\n');
    const { code, stderr } = await runBootstrap(clone.root, ['generate']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/prisma\/schema\.prisma:\d+/);
    expect(stderr).toContain('✗ Prisma could not generate from prisma/schema.prisma.');
    writeFileSync(file, sound);
  });

  it('packages behind a link that do not match the lock file any more are not emptied to be installed anew', async () => {
    const file = join(clone.root, 'package-lock.json');
    const sound = readFileSync(file, 'utf8');
    writeFileSync(file, sound.replace(/("node_modules\/graphql": \{\s+"version": ")[^"]+/, '$10.0.1'));
    const { code, stderr } = await runBootstrap(clone.root, ['generate'], { env: { PATH: '/nowhere' } });
    expect(code).toBe(1);
    expect(stderr).toMatch(/✗ node_modules is a link to a folder .*\n {2}Installing would empty that folder/);
    expect(stderr).not.toContain('Installing packages');
    writeFileSync(file, sound);
  });
});
