// Sluice as `npm start` composes it: Apollo Server on Fastify, with identity, logging and metrics at their defaults.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { composeServer } from '../../dist/cli/compose-server.js';
import { PrismaClient } from '../../dist/generated/prisma/client.js';
import { readConfig } from '../../dist/kernel/config/read-config.js';
import { loadModelGraph } from '../../dist/model/load-model-graph.js';
import { createLogger } from '../../dist/telemetry/logger.js';
import { announce } from './announce.mjs';

/** `plan`: the defaults, one statement and compiled execution. The others turn off what comes before. */
const MODES = {
  plan: {},
  interpreted: { SLUICE_EXECUTION_COMPILED: 'off' },
  loaders: { SLUICE_EXECUTION_COMPILED: 'off', SLUICE_READS_PLAN: 'off' },
  prisma: { SLUICE_EXECUTION_COMPILED: 'off', SLUICE_READS_PLAN: 'off', SLUICE_READS_DRIVER: 'prisma' },
};

const [port, databaseUrl, mode = 'plan'] = process.argv.slice(2);
const root = new URL('../../', import.meta.url);
const config = readConfig({
  SLUICE_ENV: 'production',
  PORT: port,
  SLUICE_HTTP_HOST: '127.0.0.1',
  DATABASE_URL: databaseUrl,
  SLUICE_LOG_FORMAT: 'json',
  SLUICE_IDENTITY_JWT_SECRET: 'a secret of the benchmark, long enough for HS256',
  // The peers hold nobody to anything; one client asks all there is to ask.
  SLUICE_LIMITS: 'off',
  SLUICE_ADMISSION_MAX_PER_CALLER: '10000',
  SLUICE_ADMISSION_MAX_PER_NODE: '10000',
  ...MODES[mode],
});
// The others say in their resolvers what Sluice reads from the schema.
const text = readFileSync(new URL('bench/shop/schema.graphql', root), 'utf8')
  .replaceAll(
    /(Newest first\."\n\s+reviews\(first: Int!)/g,
    '$1, orderBy: [ReviewOrder!] = [{ field: CREATED_AT, direction: DESC }]',
  )
  .replace('author: User!', 'author: User! @relation(name: "user")')
  .replace('label: String!', 'label: String! @needs(columns: ["price", "stock"])')
  .concat(
    'input ReviewOrder { field: ReviewOrderField! direction: OrderDirection! }\nenum ReviewOrderField { CREATED_AT }\n',
  );
const { gateway } = await composeServer({
  config,
  databaseUrl,
  redisUrl: null,
  project: {
    sdl: [{ path: 'bench/shop/schema.graphql', text }],
    graph: await loadModelGraph(fileURLToPath(new URL('src/generated/model-graph.json', root))),
    app: { resolvers: { Product: { label: ({ price, stock }) => `${price} (${stock} left)` } } },
  },
  prismaClientClass: PrismaClient,
  log: createLogger(config.log),
});
await gateway.listen();
announce();
