import type { JobDefinition, JobRun } from '../../index.js';

const CHUNK_ROWS = 500;
/** Nobody comes back to it. */
const GUEST_CART_DAYS = 30;

interface State {
  readonly after: string;
  readonly count: number;
}

/** Removes carts of guests that nobody has put anything into for a month. */
export const abandonedCarts: JobDefinition = {
  name: 'abandoned-carts',
  queue: 'orders',
  async run(_args: object, job: JobRun) {
    const { count } = await job.fold<State>({
      start: { after: '00000000-0000-0000-0000-000000000000', count: 0 },
      async chunk(sql, { after, count }) {
        const carts = await sql<{ id: string; isOld: boolean }>(
          `SELECT cart.id, greatest(cart.created_at, max(item.added_at)) < now() - make_interval(days => $2) AS "isOld"
           FROM (SELECT id, created_at FROM carts WHERE id > $1 AND user_id IS NULL ORDER BY id LIMIT ${CHUNK_ROWS}) AS cart
           LEFT JOIN cart_items AS item ON item.cart_id = cart.id
           GROUP BY cart.id, cart.created_at ORDER BY cart.id`,
          [after, GUEST_CART_DAYS],
        );
        const old = carts.filter(({ isOld }) => isOld).map(({ id }) => id);
        // Filled again since it was looked at: it is left.
        const gone = await sql(
          `DELETE FROM carts WHERE id = ANY ($1) AND user_id IS NULL AND NOT EXISTS (
             SELECT FROM cart_items WHERE cart_id = carts.id AND added_at >= now() - make_interval(days => $2)
           ) RETURNING id`,
          [old, GUEST_CART_DAYS],
        );
        return {
          state: { after: carts.at(-1)?.id ?? after, count: count + gone.length },
          isDone: carts.length < CHUNK_ROWS,
        };
      },
    });
    return { removed: count };
  },
};

/** Ends subscriptions whose time is over. */
export const expiredSubscriptions: JobDefinition = {
  name: 'expired-subscriptions',
  queue: 'orders',
  async run(_args: object, job: JobRun) {
    let ended = 0;
    for (;;) {
      job.signal.throwIfAborted();
      const rows = await job.transaction((sql) =>
        sql(
          `UPDATE subscriptions SET status = 'EXPIRED' WHERE id IN (
             SELECT id FROM subscriptions WHERE status = 'ACTIVE' AND expires_at < now()
             ORDER BY expires_at, id LIMIT ${CHUNK_ROWS} FOR UPDATE SKIP LOCKED
           ) RETURNING id`,
        ),
      );
      ended += rows.length;
      if (rows.length < CHUNK_ROWS) return { ended };
    }
  },
};
