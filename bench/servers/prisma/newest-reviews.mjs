// The newest reviews of many products or users in one statement. In SQL, since findMany can't limit the rows of each:
// `in` alone reads every review there is of a popular product, and `include` with `take` does so too. Of the ways that
// Prisma offers, this one costs these servers least by far.

/** @returns a list for each id, newest first */
export async function findNewestOfProducts(prisma, ids, first) {
  const rows = await prisma.$queryRaw`
    SELECT r.id, r.product_id AS "productId", r.user_id AS "userId", r.rating, r.title, r.body, r.created_at AS "createdAt"
    FROM unnest(${[...ids]}::int[]) p(id)
    CROSS JOIN LATERAL
      (SELECT * FROM reviews WHERE product_id = p.id ORDER BY created_at DESC, id DESC LIMIT ${first}) r
    ORDER BY r.created_at DESC, r.id DESC`;
  return groupBy(rows, 'productId', ids);
}

/** @returns a list for each id, newest first */
export async function findNewestOfUsers(prisma, ids, first) {
  const rows = await prisma.$queryRaw`
    SELECT r.id, r.product_id AS "productId", r.user_id AS "userId", r.rating, r.title, r.body, r.created_at AS "createdAt"
    FROM unnest(${[...ids]}::int[]) u(id)
    CROSS JOIN LATERAL
      (SELECT * FROM reviews WHERE user_id = u.id ORDER BY created_at DESC, id DESC LIMIT ${first}) r
    ORDER BY r.created_at DESC, r.id DESC`;
  return groupBy(rows, 'userId', ids);
}

function groupBy(rows, column, ids) {
  const groups = new Map(ids.map((id) => [id, []]));
  for (const row of rows) groups.get(row[column]).push(row);
  return ids.map((id) => groups.get(id));
}
