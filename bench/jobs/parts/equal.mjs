import { createClient } from '../../cache/parts/ask.mjs';
import { awaitReport, openShop } from './open-shop.mjs';

const REQUESTS = 10_000;
const CONNECTIONS = 200;

/** As many equal requests at once, to two nodes; how many jobs and runs come of them. */
export async function measureEqual({ databaseUrl, redisUrl }) {
  const nodes = await Promise.all([1, 2].map(() => openShop({ databaseUrl, redisUrl })));
  const clients = nodes.map(({ port, token }) =>
    createClient(port, CONNECTIONS, { authorization: `Bearer ${token}` }),
  );
  // Of another day each time: what an earlier run has computed may be there still.
  const from = new Date(Date.UTC(2024, 0, 1 + Math.floor(Math.random() * 700))).toISOString().slice(0, 10);
  const body = JSON.stringify({
    query: `{ salesReport(range: { from: "${from}", to: "2026-12-31" }) { id } }`,
  });
  try {
    const before = await countRuns(nodes);
    const answers = await Promise.all(
      Array.from({ length: REQUESTS }, (_, index) => askFor(clients[index % 2], body)),
    );
    await awaitReport(nodes[0], from);
    const runs = (await countRuns(nodes)) - before;
    const jobs = new Set(answers).size;
    return [
      {
        what: `jobs, and runs, of ${REQUESTS} equal requests to two nodes`,
        asked: '1',
        measured: `${jobs}, ${runs}`,
      },
    ];
  } finally {
    for (const client of clients) client.close();
    await Promise.all(nodes.map((node) => node.stop()));
  }
}

async function askFor(client, body) {
  const { text } = await client.ask(body);
  return JSON.parse(text).data.salesReport.id;
}

async function countRuns(nodes) {
  const counts = await Promise.all(
    nodes.map((node) => node.metric('sluice_jobs_attempts_total{queue="analytics",outcome="completed"}')),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
