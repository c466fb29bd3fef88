import { defineApp, type RequestContext } from '../../../src/index.js';

export default defineApp({
  counters: [{ name: 'productViews', model: 'Product', column: 'viewCount' }],
  resolvers: {
    Mutation: {
      recordProductView: async (_parent: unknown, args: { productId: number }, context: RequestContext) => {
        await context.counters.add('productViews', args.productId);
        return { product: { id: args.productId } };
      },
    },
  },
});
