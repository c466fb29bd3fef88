import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { withClient } from '../large-shop.mjs';
import { awaitReport, openShop } from './open-shop.mjs';

const SETTLE_MS = 5_000;
const SAMPLE_MS = 50;

/** How much more memory a worker's process takes at most while a report goes through all order items. */
export async function measureMemory({ databaseUrl, redisUrl }) {
  const [{ items }] = await withClient(
    databaseUrl,
    async (client) => (await client.query('SELECT count(*)::int AS items FROM order_items')).rows,
  );
  const shop = await openShop({ databaseUrl, redisUrl });
  try {
    // What the first report of a process loads is there for all.
    await awaitReport(shop, '2026-06-01');
    await delay(SETTLE_MS);
    const idle = readRss(shop.pid);
    let peak = idle;
    const sampling = setInterval(() => {
      peak = Math.max(peak, readRss(shop.pid));
    }, SAMPLE_MS);
    const { ms } = await awaitReport(shop, '2024-01-01');
    clearInterval(sampling);
    return [
      {
        what: `MB above idle (${toMb(idle)}), a report over ${items.toLocaleString('en')} order items, ${(ms / 1000).toFixed(1)} s`,
        asked: '150',
        measured: toMb(peak - idle),
      },
    ];
  } finally {
    await shop.stop();
  }
}

/** Bytes, as the kernel counts them. */
function readRss(pid) {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1_024;
}

function toMb(bytes) {
  return String(Math.round(bytes / 1_048_576));
}
