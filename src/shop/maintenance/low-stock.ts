import {
  type BatchOutcome,
  type BatchRun,
  badUserInput,
  type JobDefinition,
  type JobRun,
} from '../../index.js';

const LOW_STOCK = 5;
const MAX_PRODUCTS = 1_000;
/** What a product is to be restocked for. */
const DAYS = 30;

/** Finds products that are about to run out, and has each looked at. */
export const lowStock: JobDefinition = {
  name: 'low-stock',
  queue: 'catalog',
  async run(_args: object, job: JobRun) {
    const products = await job.sql<{ id: number }>(
      `SELECT id FROM products WHERE is_published AND stock < $1 ORDER BY stock, id LIMIT ${MAX_PRODUCTS}`,
      [LOW_STOCK],
    );
    // One a product and hour, whoever asks for it again.
    const hour = new Date().toISOString().slice(0, 13);
    for (const [index, { id }] of products.entries()) {
      job.signal.throwIfAborted();
      await job.enqueue('restock-advice', { productId: id }, { key: `${id} ${hour}` });
      job.progress(index + 1, products.length);
    }
    if (products.length > 0) job.log.warn({ products: products.length }, 'Products are about to run out');
    return { products: products.length };
  },
};

interface Asked {
  readonly productId: number;
}

/** How many pieces to order: as many as were sold lately. Fifty products take one statement. */
export const restockAdvice: JobDefinition = {
  name: 'restock-advice',
  queue: 'catalog',
  batch: { maxItems: 50, maxWaitMs: 2_000 },
  async runBatch(items: readonly Asked[], job: BatchRun): Promise<readonly BatchOutcome[]> {
    const rows = await job.sql<{ id: number; stock: number; sold: number }>(
      `SELECT product.id, product.stock, coalesce(sum(stat.units_sold), 0)::int AS sold
       FROM products AS product
       LEFT JOIN daily_product_stats AS stat ON stat.product_id = product.id AND stat.day > current_date - ${DAYS}
       WHERE product.id = ANY ($1) GROUP BY product.id`,
      [items.map(({ productId }) => productId)],
    );
    const byId = new Map(rows.map((row) => [row.id, row]));
    return items.map(({ productId }) => {
      const row = byId.get(productId);
      if (row === undefined)
        return { error: badUserInput(['productId'], `is ${productId}, which no product has`) };
      return { result: { productId, stock: row.stock, order: Math.max(0, row.sold - row.stock) } };
    });
  },
};
