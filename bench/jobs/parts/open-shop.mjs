import { signDevelopmentToken } from '../../../dist/identity/development-token.js';
import { startServer } from '../../harness/server-process.mjs';

const SECRET = 'a secret of the benchmark, long enough for HS256';

/** A shop's server. `env`: settings beside those of production. */
export async function openShop({ databaseUrl, redisUrl, env = {}, core = '0,1' }) {
  const peer = { title: 'Sluice', file: '../jobs/servers/shop.mjs', mode: '-' };
  const server = await startServer({ peer, databaseUrl, core, extra: [JSON.stringify({ redisUrl, env })] });
  const token = await signDevelopmentToken({ secret: SECRET, viewerId: 'bench', tier: 'staff' });
  return {
    ...server,
    token,
    async ask(query, variables = {}) {
      const response = await fetch(`http://127.0.0.1:${server.port}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query, variables }),
      });
      const { data, errors } = await response.json();
      if (errors !== undefined) throw new Error(`${query}: ${JSON.stringify(errors)}`);
      return data;
    },
    async metric(series) {
      const text = await (await fetch(`http://127.0.0.1:${server.port}/metrics`)).text();
      const line = text.split('\n').find((each) => each.startsWith(`${series} `));
      return Number(line?.slice(series.length) ?? 0);
    },
  };
}

/** Until the report of these days is there. @returns the job, and how long it took */
export async function awaitReport(shop, from, state = 'COMPLETED') {
  const query = `{ salesReport(range: { from: "${from}", to: "2026-12-31" }) { id state error { message } result { orders units revenue } } }`;
  const begin = performance.now();
  for (;;) {
    const { salesReport } = await shop.ask(query);
    if (salesReport.state === 'FAILED') throw new Error(salesReport.error.message);
    if (salesReport.state === state) return { ...salesReport, ms: performance.now() - begin };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
