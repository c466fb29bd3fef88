import type { QuerySearchProductsArgs } from '../../generated/graphql.js';
import { createKeysetPage } from '../../index.js';
import type { ShopContext } from '../context.js';
import { parseText } from '../input/text-input.js';
import { countFoundProducts, parseSearchPosition, type SearchHit, searchProducts } from './product-search.js';

/** A search's page is short: nobody reads further, and every page ranks all hits anew. */
const SEARCH_LIMITS = { defaultPageRows: 20, maxPageRows: 100 } as const;
const MAX_TEXT_LENGTH = 500;

export const searchResolvers = {
  Query: {
    searchProducts: (_parent: unknown, args: QuerySearchProductsArgs, { prisma, tag }: ShopContext) => {
      // Which products are found, and in which order, is decided by SQL of our own.
      tag('Product~');
      const text = parseText(['text'], args.text, { min: 0, max: MAX_TEXT_LENGTH });
      return createKeysetPage<SearchHit>({
        args,
        limits: SEARCH_LIMITS,
        orderName: `searchProducts ${text}`,
        cursorLength: 2,
        cursorValues: (hit) => [hit.rank, hit.id],
        load: ({ limit, after }) =>
          searchProducts(prisma, text, { limit, after: after === null ? null : parseSearchPosition(after) }),
        totalCount: () => countFoundProducts(prisma, text),
      });
    },
  },
};
