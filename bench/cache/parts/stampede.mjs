import { setTimeout as delay } from 'node:timers/promises';
import { createClient, readMetric } from './ask.mjs';
import { openSluice } from './open-server.mjs';

const NODES = 3;
const CLIENTS = 1_000;
const ROUNDS = 5;
/** All nodes and all clients share two cores here: who waits for the processor is not away. */
const PATIENT = { SLUICE_CACHE_LOOKUP_TIMEOUT_MS: '2000', SLUICE_CHANGES_MAX_LAG_MS: '2000' };
/** A hit that is checked is computed once more. */
const UNCHECKED = { SLUICE_CACHE_CHECK_ONE_IN: '0' };
const STATEMENTS = 'sluice_database_statements_total{driver="pg"}';
const BODY = JSON.stringify({
  query: '{ brief: products(first: 20) { id name price category { id name } } }',
});

/** 1,000 clients meet one hot key on three nodes at the moment when it has expired: the most reads of any round. */
export async function measureStampede({ database, redisUrl, say }) {
  say(`stampede: ${CLIENTS} clients on ${NODES} nodes`);
  const env = { SLUICE_CACHE_JITTER_PERCENT: '0', SLUICE_CACHE_WARM_RECORDED: '0', ...PATIENT, ...UNCHECKED };
  const servers = await Promise.all(
    Array.from({ length: NODES }, () =>
      openSluice({ databaseUrl: database.url, redisUrl, env, core: '0,1', maxAge: 1 }),
    ),
  );
  const clients = servers.map(({ port }) => createClient(port, CLIENTS));
  const countReads = async () => {
    const counts = await Promise.all(servers.map(({ port }) => readMetric(port, STATEMENTS)));
    return counts.reduce((sum, count) => sum + count, 0);
  };
  let most = 0;
  let failures = 0;
  try {
    for (const { ask } of clients) await ask(BODY);
    for (let round = 0; round < ROUNDS; round++) {
      // All have kept it, and then it ends.
      await delay(1_200);
      const before = await countReads();
      const answers = await Promise.all(
        Array.from({ length: CLIENTS }, (_, index) => clients[index % NODES].ask(BODY)),
      );
      failures += answers.filter(({ status }) => status !== 200).length;
      most = Math.max(most, (await countReads()) - before);
    }
  } finally {
    for (const client of clients) client.close();
    await Promise.all(servers.map((server) => server.stop()));
  }
  const what = `reads as ${CLIENTS} clients meet an expired key on ${NODES} nodes, most of ${ROUNDS} rounds, ${failures} failures`;
  return [{ what, asked: '1', measured: String(most) }];
}
