import { isDeepStrictEqual } from 'node:util';
import { createBodies, walkToCursors } from '../shop/workloads.mjs';
import { describeDifference, toComparable } from './comparable-answer.mjs';
import { startCountingProxy } from './counting-proxy.mjs';
import { answers } from './peers.mjs';
import { ask, startServer } from './server-process.mjs';

const COMPARED_REQUESTS = 10;
/** Plans are cached and statements prepared once the same has been asked a few times. */
const WARMUP_REQUESTS = 5;

/**
 * Asks every server the same and compares the answers, through a proxy that counts its statements. The first server that
 * answers a workload is what the others are held against.
 *
 * @returns {Promise<Map<string, { statements: Record<string, number>, cursors: string[] }>>} by server's id
 * @throws Error that shows the first difference
 */
export async function checkAnswers({ peers, workloads, database, core, say }) {
  const proxy = await startCountingProxy(database.url);
  const expected = new Map();
  const findings = new Map();
  try {
    for (const peer of peers) {
      say(`Comparing answers: ${peer.title}`);
      const server = await startServer({ peer, databaseUrl: proxy.url, core, showsOutput: true });
      try {
        findings.set(
          peer.id,
          await checkServer({ server, workloads, facts: database.facts, proxy, expected }),
        );
      } finally {
        await server.stop();
      }
    }
  } finally {
    proxy.close();
  }
  return findings;
}

async function checkServer({ server, workloads, facts, proxy, expected }) {
  const { peer } = server;
  const finding = { statements: {}, cursors: [] };
  for (const workload of workloads.filter((candidate) => answers(peer, candidate))) {
    const query = peer.queries?.[workload.name] ?? workload.query;
    if (workload.needsCursors) finding.cursors = await walkToCursors((body) => ask(server, body), query);
    const nextBody = createBodies({ workload, query, facts, cursors: finding.cursors });
    const warmBody = createBodies({ workload, query, facts, cursors: finding.cursors });
    for (let request = 0; request < WARMUP_REQUESTS; request++) await ask(server, warmBody());
    const before = proxy.count();
    for (let request = 0; request < COMPARED_REQUESTS; request++) {
      const key = `${workload.name} ${request}`;
      const answer = toComparable((await ask(server, nextBody())).data);
      if (!expected.has(key)) expected.set(key, { answer, by: peer });
      const reference = expected.get(key);
      if (!isDeepStrictEqual(answer, reference.answer)) {
        throw new Error(
          `${peer.title} answers ${key} unlike ${reference.by.title}: ${describeDifference(answer, reference.answer)}`,
        );
      }
    }
    finding.statements[workload.name] = (proxy.count() - before) / COMPARED_REQUESTS;
  }
  return finding;
}
