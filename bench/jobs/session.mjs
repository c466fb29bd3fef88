import { startEmbeddedRedis } from '../../dist/embedded/redis-server.js';
import { startDatabase } from '../harness/database.mjs';
import { formatTable } from '../harness/table.mjs';
import { createLargeShop } from './large-shop.mjs';
import { measureBeside } from './parts/beside.mjs';
import { measureEqual } from './parts/equal.mjs';
import { measureMemory } from './parts/memory.mjs';
import { measureRollup } from './parts/rollup.mjs';
import { measureSubscriber } from './parts/subscriber.mjs';
import { measureThroughput } from './parts/throughput.mjs';

const PARTS = [
  { id: 'beside', measure: measureBeside },
  { id: 'equal', measure: measureEqual },
  { id: 'throughput', measure: measureThroughput },
  { id: 'memory', measure: measureMemory },
  { id: 'subscriber', measure: measureSubscriber },
  { id: 'rollup', measure: measureRollup },
];

export async function runJobsBench({ seconds, only, say, show }) {
  const database = await startDatabase(say);
  const redis = await startEmbeddedRedis({
    ...{ directory: '.sluice/bench/redis', path: process.env.PATH, onProgress: say },
  });
  try {
    const large = await createLargeShop(database.url, say);
    const rows = [];
    for (const { id, measure } of PARTS.filter((part) => only === null || only.includes(part.id))) {
      say(id);
      for (const { what, asked, measured } of await measure({
        databaseUrl: large,
        redisUrl: redis.url,
        seconds,
        say,
      })) {
        say(`${what}: ${measured}`);
        rows.push([what, asked, measured]);
      }
    }
    for (const line of formatTable(['', 'asked', 'measured'], rows)) show(line);
  } finally {
    await redis.stop();
    await database.stop();
  }
}
