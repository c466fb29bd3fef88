import { type GraphQLDirective, type GraphQLField, GraphQLSchema, isObjectType } from 'graphql';
import { rateLimitDirective } from 'graphql-rate-limit-directive';
import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import type { RequestContext } from '../request-context.js';
import type { CostTable } from './cost-table.js';
import { LedgerLimiter, type LedgerLimiterOptions, LimitTickets } from './ledger-limiter.js';

type Context = Pick<RequestContext, 'fieldLedger'>;

/**
 * Has graphql-rate-limit-directive wrap the resolvers of fields that `@rateLimit` limits, with a limiter and a key of
 * ours: a resolver runs where its request's ledger grants it, and is an error with code `RATE_LIMITED` where it doesn't.
 *
 * To be called after resolvers are attached: those are what is wrapped. `directive` is `@rateLimit`'s definition, which
 * the schema itself keeps from its clients.
 */
export function attachFieldLimits(
  schema: GraphQLSchema,
  table: CostTable,
  directive: GraphQLDirective,
): void {
  if (!table.hasLimits) return;
  const tickets = new LimitTickets();
  const { rateLimitDirectiveTransformer: transform } = rateLimitDirective<Context, LedgerLimiterOptions>({
    name: directive.name,
    limiterClass: LedgerLimiter as unknown as typeof RateLimiterAbstract,
    limiterOptions: { tickets },
    keyGenerator: (_directive, _source, _args, { fieldLedger = null }, { parentType, fieldName }) => {
      const limit = table.types.get(parentType.name)?.get(fieldName)?.limit;
      if (limit == null) throw new RangeError(`${parentType.name}.${fieldName} has no limit in the table`);
      return tickets.open({ ledger: fieldLedger, limit });
    },
  });
  const config = schema.toConfig();
  const limited = transform(new GraphQLSchema({ ...config, directives: [...config.directives, directive] }));
  // The package makes a schema of its own. What it wrapped is taken back into this one, which others hold on to.
  for (const [typeName, fields] of table.types) {
    for (const [fieldName, { limit }] of fields) {
      if (limit === null) continue;
      getField(schema, typeName, fieldName).resolve = getField(limited, typeName, fieldName).resolve;
    }
  }
}

function getField(
  schema: GraphQLSchema,
  typeName: string,
  fieldName: string,
): GraphQLField<unknown, unknown> {
  const type = schema.getType(typeName);
  const field = isObjectType(type) ? type.getFields()[fieldName] : undefined;
  if (field === undefined) throw new RangeError(`The schema has no field ${typeName}.${fieldName}`);
  return field;
}
