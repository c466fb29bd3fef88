import { openWorker } from './open-worker.js';

const [databaseUrl = '', redisUrl = '', place = ''] = process.argv.slice(2);
await openWorker({ databaseUrl, redisUrl, place });
process.send?.('ready');
