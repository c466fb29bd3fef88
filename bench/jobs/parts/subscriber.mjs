import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { openShop, quantile } from './open-shop.mjs';

const RUNS = 100;

/** From a job's end, as PostgreSQL's results have it, to its result at a subscriber of another node. */
export async function measureSubscriber({ databaseUrl, redisUrl }) {
  const working = await openShop({ databaseUrl, redisUrl });
  const other = await openShop({ databaseUrl, redisUrl, env: { SLUICE_JOBS_WORKER: 'off' } });
  const client = createClient({
    url: `ws://127.0.0.1:${other.port}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${other.token}` },
  });
  const delays = [];
  try {
    for (let run = 0; run < RUNS; run++) {
      const day = new Date(Date.UTC(2024, 0, 1 + run)).toISOString().slice(0, 10);
      // Takes some tenths of a second, so that whoever subscribes does so before it ends.
      const query = `{ conversionFunnel(range: { from: "${day}", to: "2025-12-31" }) { id state } }`;
      const asked = working.ask(query);
      const { conversionFunnel } = await other.ask(query);
      for await (const { data } of client.iterate({
        query:
          'subscription ($id: ID!) { jobUpdated(id: $id) { state computedAt ... on ConversionFunnelJob { result { views } } } }',
        variables: { id: conversionFunnel.id },
      })) {
        const { state, computedAt } = data.jobUpdated;
        if (state === 'COMPLETED' && conversionFunnel.state !== 'COMPLETED')
          delays.push(Date.now() - Date.parse(computedAt));
      }
      await asked;
    }
  } finally {
    await client.dispose();
    await Promise.all([working.stop(), other.stop()]);
  }
  return [
    {
      what: `ms from a job's end to its result at a subscriber on another node, p99 of ${delays.length} (p50 ${quantile(delays, 0.5)})`,
      asked: '100',
      measured: String(quantile(delays, 0.99)),
    },
  ];
}
