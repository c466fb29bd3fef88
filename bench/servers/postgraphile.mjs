// PostGraphile 5 with its recommended presets. It makes the schema from the database; the list fields and the label are
// added as its documentation tells.
import { createServer } from 'node:http';
import { PgSimplifyInflectionPreset } from '@graphile/simplify-inflection';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { lambda } from 'postgraphile/grafast';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { extendSchema, jsonPgSmartTags } from 'postgraphile/utils';
import { announce } from './announce.mjs';

const [port, databaseUrl] = process.argv.slice(2);
const LabelPlugin = extendSchema({
  typeDefs: 'extend type Product { label: String! }',
  objects: {
    Product: {
      plans: {
        label: ($product) =>
          lambda(
            [$product.get('price'), $product.get('stock')],
            ([price, stock]) => `${price} (${stock} left)`,
            true,
          ),
      },
    },
  },
});
// GraphQL has a type of that name already.
const NamesPlugin = jsonPgSmartTags({
  version: 1,
  config: { class: { 'public.subscriptions': { tags: { name: 'booked_plans' } } } },
});
const instance = postgraphile({
  extends: [PostGraphileAmberPreset, PgSimplifyInflectionPreset],
  plugins: [LabelPlugin, NamesPlugin],
  pgServices: [
    makePgService({ connectionString: databaseUrl, schemas: ['public'], poolConfig: { max: 10 } }),
  ],
  schema: { defaultBehavior: '+list' },
  grafast: { explain: false },
  grafserv: { graphiql: false, watch: false },
});
const server = createServer();
server.on('error', (error) => {
  throw error;
});
await instance.createServ(grafserv).addTo(server);
server.listen(Number(port), '127.0.0.1', announce);
