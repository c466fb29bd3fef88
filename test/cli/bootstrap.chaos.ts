import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { copyProject, type ProjectCopy } from './project-copy.js';
import { runBootstrap } from './run-bootstrap.js';

jest.setTimeout(600_000);

const INSTALL_FILES = ['scripts', 'package.json', 'package-lock.json'];

describe('A clone without packages', () => {
  let clone: ProjectCopy;
  beforeAll(async () => {
    clone = await copyProject({ packages: 'none' });
  });
  afterAll(() => clone.remove());

  it('is left with a clear sentence where the registry is out of reach', async () => {
    const { code, stderr } = await runBootstrap(clone.root, ['generate'], {
      env: {
        npm_config_registry: 'http://127.0.0.1:9',
        npm_config_cache: join(clone.root, '.sluice/empty-npm-cache'),
        npm_config_fetch_retries: '0',
      },
    });
    expect(code).toBe(1);
    expect(stderr).toContain("✗ npm ci can't reach http://127.0.0.1:9.\n  Check the network");
  });

  it('installs, generates and builds what it needs, and then no more', async () => {
    const first = await runBootstrap(clone.root, ['cli', '--version']);
    expect([first.code, first.stdout]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
    expect(existsSync(join(clone.root, 'node_modules/.package-lock.json'))).toBe(true);
    const second = await runBootstrap(clone.root, ['cli', '--version']);
    expect([second.code, second.stderr]).toEqual([0, '']);
  });
});

describe('On a disk that is too small', () => {
  // Mounting takes root, as which containers run.
  it('a sentence says so before npm writes anything', async () => {
    const root = mkdtempSync(join(tmpdir(), 'sluice-small-disk-'));
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=20m', 'tmpfs', root]).status).toBe(0);
    try {
      const source = await copyProject({ packages: 'none', paths: INSTALL_FILES });
      spawnSync('cp', ['-r', `${source.root}/.`, root]);
      await source.remove();
      const { code, stderr } = await runBootstrap(root, ['generate']);
      expect(code).toBe(1);
      expect(stderr).toContain('✗ The disk is full: ');
    } finally {
      spawnSync('umount', [root]);
      rmSync(root, { recursive: true, force: true });
    }
  });
});
