// Sluice as `npm start` composes it, in production, with hints for the benchmark's schema: identity, limits, log lines,
// metrics and all headers are on.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { announce } from '../../servers/announce.mjs';
import { installBenchCapture } from '../install-capture.mjs';

const ROOT = new URL('../../../', import.meta.url);
const load = (file) => import(new URL(`dist/${file}`, ROOT).href);
const [port, databaseUrl, , settings] = process.argv.slice(2);
const { redisUrl = null, env = {}, tiers } = JSON.parse(settings);
const [{ composeServer }, { PrismaClient }, { readConfig }, { loadModelGraph }, { createLogger }] =
  await Promise.all([
    load('cli/compose-server.js'),
    load('generated/prisma/client.js'),
    load('kernel/config/read-config.js'),
    load('model/load-model-graph.js'),
    load('telemetry/logger.js'),
  ]);
const config = readConfig({
  ...{ SLUICE_ENV: 'production', PORT: port, SLUICE_HTTP_HOST: '127.0.0.1', DATABASE_URL: databaseUrl },
  ...{ SLUICE_LOG_FORMAT: 'json', SLUICE_LIMITS: 'enforce' },
  SLUICE_IDENTITY_JWT_SECRET: 'a secret of the benchmark, long enough for HS256',
  ...{ SLUICE_ADMISSION_MAX_PER_CALLER: '10000', SLUICE_ADMISSION_MAX_PER_NODE: '10000' },
  ...env,
});
const text = readFileSync(new URL('bench/shop/schema.graphql', ROOT), 'utf8')
  .replaceAll(
    /(Newest first\."\n\s+reviews\(first: Int!)/g,
    '$1, orderBy: [ReviewOrder!] = [{ field: CREATED_AT, direction: DESC }]',
  )
  .replace('author: User!', 'author: User! @relation(name: "user")')
  .replace('label: String!', 'label: String! @needs(columns: ["price", "stock"])')
  .concat(
    'input ReviewOrder { field: ReviewOrderField! direction: OrderDirection! }\nenum ReviewOrderField { CREATED_AT }\n',
  );
const inherits = { inheritMaxAge: true };
const project = {
  sdl: [{ path: 'bench/shop/schema.graphql', text }],
  graph: await loadModelGraph(fileURLToPath(new URL('src/generated/model-graph.json', ROOT))),
  app: {
    tiers,
    resolvers: { Product: { label: ({ price, stock }) => `${price} (${stock} left)` } },
    cachePolicies: {
      ...{ 'Query.products': { maxAge: 3_600 }, 'Query.product': { maxAge: 3_600 } },
      ...{ Product: inherits, Category: inherits, Review: inherits, User: inherits },
    },
  },
};
await installBenchCapture(databaseUrl, project);
const { gateway } = await composeServer({
  config,
  databaseUrl,
  redisUrl,
  project,
  prismaClientClass: PrismaClient,
  log: createLogger(config.log),
});
await gateway.listen();
announce();
