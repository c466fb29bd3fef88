import { type AppDefinition, defineApp, type RequestContext } from '../../../../src/index.js';

export const app: AppDefinition = defineApp({
  // Beside the cache `default`: @cachePolicy(cache: "catalog").
  caches: [{ name: 'catalog', maxMemoryBytes: 256 * 1024 * 1024, maxAgeSeconds: 3_600 }],
  // Beside TIER and SCOPES: @cachePolicy(vary: ["LOCALE"]).
  vary: [
    {
      name: 'LOCALE',
      headers: ['accept-language'],
      read: (headers) => (headers['accept-language']?.startsWith('de') ? 'de' : 'en'),
    },
  ],
  // By type or by field, without touching SDL; counts more than what SDL says.
  cachePolicies: { 'Query.animals': { maxAge: 60, cache: 'catalog' } },
  resolvers: {
    Query: {
      greeting: (_parent: unknown, _args: unknown, context: RequestContext) => {
        // Nothing is read that Sluice can see: say what the answer depends on.
        context.tag('greetings');
        return context.vary('LOCALE') === 'de' ? 'Hallo' : 'Hello';
      },
      rounds: (_parent: unknown, _args: unknown, { viewer, reads }: RequestContext) =>
        reads.findRows({
          model: 'Animal',
          columns: ['id', 'name'],
          where: { kind: 'compare', column: 'carerId', op: 'eq', value: Number(viewer.id) },
          order: [],
          limit: 10,
          offset: 0,
          after: null,
        }),
    },
    Animal: {
      forecast: (animal: { name: string }, _args: unknown, context: RequestContext) => {
        context.tag('forecasts');
        // Shorter than the hint says, never longer.
        context.cacheHint({ maxAgeSeconds: 120 });
        return `${animal.name} will sleep`;
      },
    },
  },
});
