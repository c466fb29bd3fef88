import { Prisma, type PrismaClient } from '../../generated/prisma/client.js';
import { badUserInput, type RowValue } from '../../index.js';

/** A product that was found. */
export interface SearchHit {
  readonly id: number;
  /** PostgreSQL's ts_rank as text, which holds every bit of its float4. */
  readonly rank: string;
}

/** Where a hit stands among all hits of its search: behind better ranks, and behind newer products of its own. */
export type SearchPosition = readonly [rank: string, id: number];

/** Published products that match, best first, behind `after`. */
export function searchProducts(
  prisma: PrismaClient,
  text: string,
  page: { readonly limit: number; readonly after: SearchPosition | null },
): Promise<SearchHit[]> {
  const [rank, id] = page.after ?? [null, null];
  // Every matching row is ranked before the first is known: no index knows ranks. The GIN index finds the rows.
  return prisma.$queryRaw<SearchHit[]>`
    SELECT hit.id, hit.rank::text AS rank
    FROM (
      SELECT id, ts_rank(search, asked) AS rank
      FROM products, websearch_to_tsquery('pg_catalog.english', ${text}) AS asked
      WHERE is_published AND search @@ asked
    ) AS hit
    ${rank === null ? Prisma.empty : Prisma.sql`WHERE (hit.rank, hit.id) < (${rank}::real, ${id}::int)`}
    ORDER BY hit.rank DESC, hit.id DESC
    LIMIT ${page.limit}`;
}

/** How many published products match. */
export async function countFoundProducts(prisma: PrismaClient, text: string): Promise<number> {
  const [row] = await prisma.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count
    FROM products, websearch_to_tsquery('pg_catalog.english', ${text}) AS asked
    WHERE is_published AND search @@ asked`;
  return row?.count ?? 0;
}

/** A position from a cursor's values, which anybody may have made up. @throws `BAD_USER_INPUT` */
export function parseSearchPosition(values: readonly RowValue[]): SearchPosition {
  const [rank, id] = values;
  const isRank = typeof rank === 'string' && /^\d(\.\d{1,20})?(e-\d{1,2})?$/.test(rank);
  const isKey = typeof id === 'number' && Number.isInteger(id) && id >= 0 && id <= 2_147_483_647;
  if (!isRank || !isKey) throw badUserInput(['after'], 'is not a cursor of this search');
  return [rank, id];
}
