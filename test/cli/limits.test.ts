import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { RedisBlocks } from '../../src/limits/redis/redis-blocks.js';
import { testRedisUrl } from '../services/database.js';
import { type LinkedProject, linkProject } from './linked-project.js';

const NAME = `limits-${randomUUID()}`;
const DATABASE_URL = `postgresql://nobody@127.0.0.1:1/${NAME}`;
const SINCE_MS = Date.UTC(2026, 0, 31, 12);

let project: LinkedProject;
let redis: Redis;
beforeAll(async () => {
  project = await linkProject();
  redis = new Redis(testRedisUrl());
});
afterAll(async () => {
  redis.disconnect();
  await project.remove();
});

const run = (args: readonly string[], env: Record<string, string> = {}) =>
  project.run(['limits', ...args], { env: { DATABASE_URL, REDIS_URL: testRedisUrl(), ...env } });

async function block(place: string, subject: string): Promise<void> {
  const untilMs = Date.now() + 3_600_000;
  await new RedisBlocks({ redis, place }).record({
    ...{ subject, blockedAtMs: SINCE_MS, untilMs, rules: ['requests:60', 'cost:60'], lifted: null },
  });
}

describe('sluice limits', () => {
  it('lists who is blocked on servers that are set as it is, and lifts a block', async () => {
    expect((await run(['list'])).output).toBe('Nobody is blocked.\n');
    await block(`${NAME}:dry-run`, 'viewer:dry');
    await block(NAME, 'address:203.0.113.7');
    expect((await run(['list'])).output).toMatch(
      /^✗ viewer:dry {2}until \S+ \S+ UTC {2}since 2026-01-31 12:00 UTC, for requests:60, cost:60\n$/,
    );
    const enforced = { SLUICE_LIMITS: 'enforce' };
    const listed = await run(['list'], enforced);
    expect(listed.output).toMatch(/^✗ address:203\.0\.113\.7 {2}until/);
    expect(listed.notes).toContain('limits lift <who>');
  });

  it('says who is not blocked, and what it needs', async () => {
    expect(await run(['lift', 'viewer:nobody'])).toMatchObject({
      code: 1,
      notes: expect.stringMatching(/✗ viewer:nobody is not blocked\n.*limits list/),
    });
    const away = await run(['list'], { REDIS_URL: 'redis://:secret@127.0.0.1:1' });
    expect(away.code).toBe(1);
    expect(away.notes).toMatch(/✗ Redis at redis:\/\/.*127\.0\.0\.1:1 can't be reached/);
    expect(away.notes).not.toContain('secret');
  });
});
