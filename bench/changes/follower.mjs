// A process with one node under traffic. It tells its parent of each row whose change it has applied, and when.
import { AppliedLog } from '../../dist/changes/node/applied-log.js';
import { openNode } from './node.mjs';

/** As a server asks with each request. */
const TRAFFIC_INTERVAL_MS = 5;
const ROW_TAG = /^Item:(\d+)$/;

const [databaseUrl, redisUrl] = process.argv.slice(2);
const { apply } = AppliedLog.prototype;
const seen = [];
AppliedLog.prototype.apply = function (record) {
  apply.call(this, record);
  // One clock for all processes of a machine.
  const atMs = performance.timeOrigin + performance.now();
  for (const tag of record.tags) {
    const id = ROW_TAG.exec(tag)?.[1];
    if (id !== undefined) seen.push([Number(id), atMs]);
  }
};

const node = await openNode({ databaseUrl, redisUrl });
let distrusted = 0;
const traffic = setInterval(() => {
  if (!node.changes.isTrusted()) distrusted++;
}, TRAFFIC_INTERVAL_MS);
await node.changes.ensureTrusted();
distrusted = 0;
process.send('ready');
process.on('message', async () => {
  clearInterval(traffic);
  await node.close();
  const { user, system } = process.cpuUsage();
  process.send({ seen, distrusted, cpuSeconds: (user + system) / 1e6 }, () => process.disconnect());
});
