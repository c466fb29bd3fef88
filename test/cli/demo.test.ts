import { jest } from '@jest/globals';
import type { TestDatabase } from '../services/database.js';
import { createShopDatabase } from '../shop/shop-database.js';
import { type LinkedProject, linkProject } from './linked-project.js';

jest.setTimeout(60_000);

let project: LinkedProject;
let database: TestDatabase;
beforeAll(async () => {
  [project, database] = await Promise.all([linkProject(), createShopDatabase()]);
});
afterAll(async () => {
  await project.remove();
  await database.drop();
});

describe('sluice demo', () => {
  it('asks twice, changes a row from outside, asks again, and leaves everything as it was', async () => {
    const env = {
      ...{ DATABASE_URL: database.url, PORT: '0', PATH: '/nowhere' },
      // A busy machine may not let this process run in time, and then nothing would come from the cache.
      SLUICE_CHANGES_MAX_LAG_MS: '10000',
    };
    await project.run(['migrate'], { env });
    await project.run(['capture', 'install'], { env });
    const prices = async () =>
      (await project.run(['sql', 'SELECT sum(price) FROM products'], { env })).output;
    const before = await prices();
    const { code, output, notes } = await project.run(['demo'], { env });
    expect([code, notes]).toEqual([0, expect.stringContaining('npm start serves the API')]);
    const statuses = [...output.matchAll(/^cache-status: sluice; (.*)$/gm)].map(([, status]) => status);
    expect(statuses).toEqual([
      expect.stringMatching(/^fwd=miss; stored/),
      expect.stringMatching(/^hit/),
      expect.stringMatching(/^fwd=stale; stored; ttl=\d+; detail="voided by Product\./),
    ]);
    const [first, second, third] = [...output.matchAll(/^\{"data".*$/gm)].map(([text]) => text);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
    expect(await prices()).toBe(before);
  });
});
