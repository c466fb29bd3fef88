// The shop as `npm start` composes it, in production, with one more field: what a resolver costs that sums up by itself.
import { announce } from '../../servers/announce.mjs';

const load = (file) => import(new URL(`../../../dist/${file}`, import.meta.url).href);
const [port, databaseUrl, , settings] = process.argv.slice(2);
const { redisUrl, env = {} } = JSON.parse(settings);
const [{ composeServer }, { loadCode }, { findProject }, { readConfig }, { createLogger }] =
  await Promise.all([
    load('cli/compose-server.js'),
    load('cli/serve.js'),
    load('cli/project.js'),
    load('kernel/config/read-config.js'),
    load('telemetry/logger.js'),
  ]);
const INLINE = `extend type Query { inlineSales(from: String!): String! }`;
const SUM = `SELECT count(*)::text AS orders, sum(units)::text AS units, sum(revenue)::text AS revenue FROM (
  SELECT o.id, sum(quantity) AS units, sum(quantity * unit_price) AS revenue FROM orders o JOIN order_items i ON i.order_id = o.id
  WHERE o.status <> 'CANCELLED' AND placed_at >= $1::date GROUP BY o.id) AS per_order`;
const config = readConfig({
  ...{ SLUICE_ENV: 'production', PORT: port, SLUICE_HTTP_HOST: '127.0.0.1', DATABASE_URL: databaseUrl },
  ...{ SLUICE_LOG_FORMAT: 'json', SLUICE_LOG_LEVEL: 'error', SLUICE_LIMITS: 'off' },
  SLUICE_IDENTITY_JWT_SECRET: 'a secret of the benchmark, long enough for HS256',
  ...{
    SLUICE_ADMISSION_MAX_PER_CALLER: '10000',
    SLUICE_ADMISSION_MAX_PER_NODE: '10000',
    SLUICE_ADMISSION_MAX_QUEUED: '10000',
  },
  ...{ SLUICE_ADMISSION_MAX_EVENT_LOOP_LAG_MS: '0', SLUICE_CHANGES_MAX_LAG_MS: '2000', ...env },
});
const { loaded, prismaClientClass } = await loadCode(findProject({ root: process.cwd() }));
const { resolvers, ...app } = loaded.app;
const server = await composeServer({
  config,
  databaseUrl,
  redisUrl,
  project: {
    ...loaded,
    sdl: [...loaded.sdl, { path: 'bench/inline.graphql', text: INLINE }],
    app: {
      ...app,
      resolvers: {
        ...resolvers,
        Query: {
          ...resolvers.Query,
          inlineSales: async (_parent, { from }, { prisma }) =>
            JSON.stringify(await prisma.$queryRawUnsafe(SUM, from)),
        },
      },
    },
  },
  prismaClientClass,
  log: createLogger(config.log),
});
await server.gateway.listen();
await server.working;
process.on('message', (asked) => {
  if (asked === 'rss') process.send({ rss: process.memoryUsage().rss });
});
announce();
