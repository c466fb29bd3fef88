import DataLoader from 'dataloader';
import { findNewestOfProducts, findNewestOfUsers } from './newest-reviews.mjs';

/** The loaders of one request. Those of lists are one per number of rows asked for. */
export function createLoaders(prisma) {
  const byId = (model) =>
    new DataLoader(async (ids) => {
      const rows = await model.findMany({ where: { id: { in: [...ids] } } });
      const found = new Map(rows.map((row) => [row.id, row]));
      return ids.map((id) => found.get(id) ?? null);
    });
  return {
    category: byId(prisma.category),
    product: byId(prisma.product),
    user: byId(prisma.user),
    reviewsOfProduct: perFirst((ids, first) => findNewestOfProducts(prisma, ids, first)),
    reviewsOfUser: perFirst((ids, first) => findNewestOfUsers(prisma, ids, first)),
  };
}

function perFirst(find) {
  const loaders = new Map();
  return (first) => {
    let loader = loaders.get(first);
    if (loader === undefined) {
      loader = new DataLoader((ids) => find(ids, first));
      loaders.set(first, loader);
    }
    return loader;
  };
}
