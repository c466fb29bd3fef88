import { Redis } from 'ioredis';
import pg from 'pg';
import { createTemplateDatabase, createTestDatabase, testRedisUrl } from './database.js';

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows[0]?.[0];
  } finally {
    await client.end();
  }
}

describe('the databases of a test run', () => {
  it('are fresh, filled with the given statements, and gone after drop', async () => {
    const first = await createTestDatabase({ sql: ['CREATE TABLE a (n int)', 'INSERT INTO a VALUES (7)'] });
    const second = await createTestDatabase();
    expect(await ask(first.url, 'SELECT n FROM a')).toBe(7);
    await expect(ask(second.url, 'SELECT n FROM a')).rejects.toThrow('does not exist');
    await Promise.all([first.drop(), second.drop()]);
    await expect(ask(first.url, 'SELECT 1')).rejects.toThrow('does not exist');
  });

  it('can be copies of a template that is built once, however many ask for it at a time', async () => {
    let builds = 0;
    const build = async (url: string): Promise<void> => {
      builds++;
      await ask(url, 'CREATE TABLE copied AS SELECT 42 AS n');
    };
    const key = `services_${Date.now()}`;
    const templates = await Promise.all([1, 2, 3].map(() => createTemplateDatabase(key, build)));
    expect(builds).toBe(1);
    const copies = await Promise.all(templates.map((template) => createTestDatabase({ template })));
    for (const copy of copies) {
      expect(await ask(copy.url, 'SELECT n FROM copied')).toBe(42);
      await copy.drop();
    }
  });
});

describe('the Redis of a test run', () => {
  it('answers', async () => {
    const redis = new Redis(testRedisUrl());
    expect(await redis.ping()).toBe('PONG');
    await redis.quit();
  });
});
