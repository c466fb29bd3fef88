// Sluice as `npm start` composes it, in production, with hints for the benchmark's schema: identity, limits, log lines,
// metrics and all headers are on.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { announce } from '../../servers/announce.mjs';
import { installBenchCapture } from '../install-capture.mjs';

const ROOT = new URL('../../../', import.meta.url);
const load = (file) => import(new URL(`dist/${file}`, ROOT).href);
const [port, databaseUrl, , settings] = process.argv.slice(2);
const { redisUrl = null, env = {}, tiers, maxAge = 3_600 } = JSON.parse(settings);
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
    `extend type Query { "Of all that was ever ordered." revenue: [CategoryRevenue!]! }
     type CategoryRevenue { category: String! total: Decimal! }\n`,
    'input ReviewOrder { field: ReviewOrderField! direction: OrderDirection! }\nenum ReviewOrderField { CREATED_AT }\n',
  );
const inherits = { inheritMaxAge: true };
const project = {
  sdl: [{ path: 'bench/shop/schema.graphql', text }],
  graph: await loadModelGraph(fileURLToPath(new URL('src/generated/model-graph.json', ROOT))),
  app: {
    tiers,
    resolvers: {
      Product: { label: ({ price, stock }) => `${price} (${stock} left)` },
      Query: { revenue: sumRevenue },
    },
    cachePolicies: {
      ...{ 'Query.products': { maxAge }, 'Query.product': { maxAge }, 'Query.category': { maxAge } },
      ...{ 'Query.revenue': { maxAge }, CategoryRevenue: inherits },
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

/** Raw SQL says nothing of what it reads, so the resolver does. */
function sumRevenue(_parent, _args, context) {
  context.tag('OrderItem~', 'Product~', 'Category~');
  return context.prisma.$queryRawUnsafe(`
    SELECT categories.name AS category, sum(order_items.unit_price * order_items.quantity)::text AS total
    FROM order_items JOIN products ON products.id = order_items.product_id
      JOIN categories ON categories.id = products.category_id
    GROUP BY 1 ORDER BY 1`);
}
