/** A page of products by key, and one row more to know whether another page follows. */
export async function findProductPage(prisma, { first, after }) {
  const rows = await prisma.product.findMany({
    where: after ? { id: { gt: fromCursor(after) } } : {},
    orderBy: { id: 'asc' },
    take: first + 1,
  });
  const nodes = rows.slice(0, first);
  const edges = nodes.map((node) => ({ cursor: toCursor(node.id), node }));
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > first,
      hasPreviousPage: Boolean(after),
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

function toCursor(id) {
  return Buffer.from(String(id)).toString('base64url');
}

function fromCursor(cursor) {
  return Number(Buffer.from(cursor, 'base64url').toString());
}
