import { Prisma } from '../../generated/prisma/client.js';
import { badUserInput } from '../../index.js';

type InputPath = readonly (string | number)[];

/** The number itself. @throws `BAD_USER_INPUT` where it lies outside of the bounds, which are inclusive. */
export function parseIntWithin(
  path: InputPath,
  value: number,
  [least, greatest]: readonly [number, number],
): number {
  if (value < least || value > greatest)
    throw badUserInput(path, `must lie between ${least} and ${greatest}`);
  return value;
}

/** The first price that numeric(10,2) can't hold. */
const PRICE_LIMIT = 100_000_000;

/** A price, exact, from a Decimal's text. */
export function parsePrice(path: InputPath, text: string): Prisma.Decimal {
  const price = new Prisma.Decimal(text);
  if (!price.isFinite() || price.lessThan(0)) throw badUserInput(path, 'must not be negative, nor infinite');
  if (price.decimalPlaces() > 2) throw badUserInput(path, 'must have at most two decimal places');
  if (price.greaterThanOrEqualTo(PRICE_LIMIT)) throw badUserInput(path, `must be below ${PRICE_LIMIT}`);
  return price;
}
