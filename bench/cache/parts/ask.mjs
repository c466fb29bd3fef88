import http from 'node:http';

/** Asks as clients do that keep their connections. */
export function createClient(port, connections, more = {}) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const ask = (body) =>
    new Promise((resolve, reject) => {
      const request = http.request(
        {
          ...{ agent, host: '127.0.0.1', port, path: '/graphql', method: 'POST' },
          headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...more },
        },
        (response) => {
          const chunks = [];
          response.on('data', (chunk) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({
              status: response.statusCode,
              cache: String(response.headers['cache-status'] ?? ''),
              text: Buffer.concat(chunks).toString(),
            }),
          );
        },
      );
      request.on('error', reject);
      request.end(body);
    });
  return { ask, close: () => agent.destroy() };
}

/** The number of a series of a server's metrics; 0 where there is none. */
export async function readMetric(port, series) {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return Number(line?.slice(series.length) ?? 0);
}
