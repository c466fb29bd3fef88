import { readFileSync } from 'node:fs';
import { composeServer } from '../../../src/cli/compose-server.js';
import { readConfig } from '../../../src/kernel/config/read-config.js';
import { loadModelGraph } from '../../../src/model/load-model-graph.js';
import { createLogger } from '../../../src/telemetry/logger.js';
import { PrismaClient } from '../../domain/generated/prisma/client.js';
import { FRESH_APP } from './fresh-app.js';
import { SABOTAGES } from './sabotages.js';

// A gateway in a process of its own, as `npm start` composes it; `argv`: model graph, SDL, and what is sabotaged, if
// anything is. Tells its URL, and ends with the one who started it.
const [graphFile = '', sdlFile = '', sabotage = ''] = process.argv.slice(2);
if (sabotage !== '') {
  const break_ = SABOTAGES.get(sabotage);
  if (break_ === undefined) throw new Error(`There is no sabotage ${sabotage}.`);
  break_();
}
process.once('disconnect', () => process.exit(0));
const config = readConfig(process.env);
const server = await composeServer({
  config,
  databaseUrl: config.database.url ?? '',
  redisUrl: config.redis.url,
  project: {
    sdl: [{ path: 'fresh.graphql', text: readFileSync(sdlFile, 'utf8') }],
    graph: await loadModelGraph(graphFile),
    app: FRESH_APP,
  },
  prismaClientClass: PrismaClient,
  log: createLogger(config.log),
});
const { url } = await server.gateway.listen();
process.send?.(url);
