#!/usr/bin/env node
// What it costs to notice that a request writes: CPU microseconds of a call of Prisma Client, by the way in which it is
// noticed. No database: a pool that answers at once, so that nothing but the client is measured. `npm run build` first.
import { AsyncLocalStorage } from 'node:async_hooks';
import { PrismaPg } from '@prisma/adapter-pg';
import { RequestWrites } from '../../dist/gateway/changes/request-writes.js';
import { watchClient } from '../../dist/gateway/changes/watched-client.js';
import { MODEL_WRITES } from '../../dist/gateway/changes/write-operations.js';
import { PrismaClient } from '../../dist/generated/prisma/client.js';
import { createPool } from '../../dist/reads/pg/create-pool.js';

const CALLS = 3_000;
const ROUNDS = 7;

const pool = createPool({ url: 'postgresql://nobody@127.0.0.1:1/none', poolSize: 1, connectTimeoutMs: 100 });
pool.query = async () => ({ fields: [], rows: [], rowCount: 1 });
const client = new PrismaClient({ adapter: new PrismaPg(pool) });

const request = () => new RequestWrites(() => undefined);
const byProxy = () => watchClient(client, request());

/** As `watchClient`, by Prisma's own means. */
function extend(findWrites) {
  return client.$extends({
    query: {
      $allOperations({ operation, args, query }) {
        return MODEL_WRITES.has(operation) ? findWrites().track(query(args), () => 'wrote') : query(args);
      },
    },
  });
}
function byExtension() {
  const writes = request();
  return extend(() => writes);
}
const storage = new AsyncLocalStorage();
const shared = extend(() => storage.getStore());
const byStorage = (work) => storage.run(request(), async () => work(shared));

const write = (prisma) => prisma.product.updateMany({ where: { id: 1 }, data: { price: '1.00' } });
const read = (prisma) => prisma.product.findMany({ where: { id: 1 }, select: { id: true } });

const TIMED = [
  ['to make one: proxy', async () => byProxy().product],
  ['to make one: $extends', async () => byExtension().product],
  ['a write: unwatched', () => write(client)],
  ['a write: a proxy for each request', () => write(byProxy())],
  ['a write: $extends for each request', () => write(byExtension())],
  ['a read: unwatched', () => read(client)],
  ['a read: a proxy for each request', () => read(byProxy())],
  ['a read: $extends for each request', () => read(byExtension())],
];
/** Apart: once there is a storage, every promise of the process pays for it. */
const TIMED_WITH_STORAGE = [
  ['a write: one $extends, AsyncLocalStorage', () => byStorage(write)],
  ['a read: one $extends, AsyncLocalStorage', () => byStorage(read)],
];

async function measureOnce(run) {
  const begin = process.cpuUsage();
  for (let call = 0; call < CALLS; call++) await run();
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / CALLS;
}

/** In turn, so that what else happens on the machine hits all alike; shown are medians. */
async function measure(timed) {
  const rounds = timed.map(() => []);
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [index, [, run]] of timed.entries()) {
      const microseconds = await measureOnce(run);
      // The first one warms up.
      if (round > 0) rounds[index].push(microseconds);
    }
  }
  for (const [index, [title]] of timed.entries()) {
    const median = rounds[index].sort((a, b) => a - b)[(ROUNDS - 1) / 2];
    process.stdout.write(`${title.padEnd(44)}${median.toFixed(1).padStart(8)} µs\n`);
  }
}

await measure(TIMED);
await measure(TIMED_WITH_STORAGE);
await pool.end();
