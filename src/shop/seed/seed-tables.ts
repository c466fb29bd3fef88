import { Carts } from './carts.js';
import { Catalogue } from './catalogue.js';
import { CategoryTree } from './category-tree.js';
import { Customers } from './customers.js';
import { Orders } from './orders.js';
import { type ProductTallies, productImageTable, productTable } from './product-tables.js';
import { Reviews } from './reviews.js';
import type { SeedCounts } from './seed-counts.js';
import type { SeedTable } from './seed-table.js';
import { subscriptionTable } from './subscriptions.js';
import type { Timeline } from './timeline.js';
import { Views } from './views.js';

export interface SeedPlan {
  readonly counts: SeedCounts;
  readonly timeline: Timeline;
  /** By the key of the user. */
  readonly passwordHashes: ReadonlyMap<number, string>;
}

/** Every table of the seed, those that others refer to first. */
export function planSeedTables({ counts, timeline, passwordHashes }: SeedPlan): SeedTable[] {
  const tree = new CategoryTree(counts.departments);
  const catalogue = new Catalogue(counts.products, tree, timeline);
  const customers = new Customers(counts.users, timeline);
  const reviews = new Reviews(counts.reviews, catalogue, customers, timeline);
  const views = new Views(counts.views, catalogue, customers, timeline);
  const orders = new Orders(counts.orders, catalogue, customers, timeline);
  const carts = new Carts(catalogue, customers, timeline);
  return [
    tree.table(),
    customers.table(passwordHashes),
    productTable(catalogue, tally(counts.products, reviews, views)),
    productImageTable(catalogue),
    reviews.table(),
    orders.table(),
    orders.itemTable(),
    carts.table(),
    carts.itemTable(),
    subscriptionTable(customers, timeline),
    views.table(),
  ];
}

/** Counted from the very rows that are written later, before the products, which hold the sums, are. */
function tally(products: number, reviews: Reviews, views: Views): ProductTallies {
  const tallies = {
    views: new Int32Array(products),
    ratingSums: new Int32Array(products),
    ratingCounts: new Int32Array(products),
  };
  for (const { productId, rating } of reviews.facts()) {
    add(tallies.ratingSums, productId, rating);
    add(tallies.ratingCounts, productId, 1);
  }
  for (const { productId } of views.facts()) add(tallies.views, productId, 1);
  return tallies;
}

function add(sums: Int32Array, productId: number, amount: number): void {
  sums[productId - 1] = (sums[productId - 1] ?? 0) + amount;
}
