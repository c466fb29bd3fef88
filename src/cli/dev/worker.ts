import cluster from 'node:cluster';
import { once } from 'node:events';
import { runWorker } from './run-worker.js';

// Ctrl-C reaches every process of the terminal; when to stop, the one that watches says.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
await runWorker({ root: process.cwd(), env: process.env, channel: process });
if (process.connected) {
  // Connections that are on their way here go back to be given to another; an exit alone would lose them.
  const disconnected = once(process, 'disconnect');
  cluster.worker?.disconnect();
  await disconnected;
}
process.exit();
