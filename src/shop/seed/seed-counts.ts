import { badUserInput } from '../../index.js';
import { DEPARTMENTS } from './words/departments.js';

/** How many rows of what. Everything else follows from these. */
export interface SeedCounts {
  /** Roots of the category tree, each with 24 categories below. */
  readonly departments: number;
  readonly products: number;
  readonly users: number;
  readonly reviews: number;
  readonly orders: number;
  readonly views: number;
}

const LARGEST_SCALE = 1_000;

/**
 * @param scale 1: 2,000 products, 50,000 views. Categories don't grow with it: a larger shop has fuller shelves.
 * @throws SluiceError BAD_USER_INPUT for a scale that is not above 0, or above 1,000
 */
export function countsAtScale(scale: number): SeedCounts {
  if (!(scale > 0 && scale <= LARGEST_SCALE)) {
    throw badUserInput(['scale'], `must lie above 0 and not above ${LARGEST_SCALE}`);
  }
  const rows = (atScaleOne: number): number => Math.max(20, Math.round(atScaleOne * scale));
  return {
    departments: Math.min(DEPARTMENTS.length, Math.max(2, Math.ceil(DEPARTMENTS.length * scale))),
    products: rows(2_000),
    users: rows(2_000),
    reviews: rows(10_000),
    orders: rows(5_000),
    views: rows(50_000),
  };
}
