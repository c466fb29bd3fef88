import fc from 'fast-check';
import { splitByMonth } from '../../../src/shop/analytics/day-range.js';

const DAY_MS = 86_400_000;
const toDay = (number: number) => new Date(number * DAY_MS).toISOString().slice(0, 10);
const toMonth = (number: number) => new Date(Date.UTC(2020, number, 1)).toISOString().slice(0, 10);
const listDays = (from: string, until: string) => {
  const days: string[] = [];
  for (let at = Date.parse(from); at < Date.parse(until); at += DAY_MS) days.push(toDay(at / DAY_MS));
  return days;
};

describe('splitting a range of days by month', () => {
  it('has each day once, and every whole month as one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 18_262, max: 20_000 }),
        fc.integer({ min: 0, max: 400 }),
        (first, length) => {
          const range = { from: toDay(first), to: toDay(first + length) };
          const { from, monthsFrom, monthsUntil, until } = splitByMonth(range);
          expect([from, until]).toEqual([range.from, toDay(first + length + 1)]);
          expect(from <= monthsFrom && monthsFrom <= monthsUntil && monthsUntil <= until).toBe(true);
          const whole = Array.from(
            { length: 100 },
            (_, month) => [toMonth(month), toMonth(month + 1)] as const,
          ).filter(([begins, ends]) => begins >= from && ends <= until);
          expect(listDays(monthsFrom, monthsUntil)).toEqual(
            whole.flatMap(([begins, ends]) => listDays(begins, ends)),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  it('of a quarter, is three months and no days', () => {
    expect(splitByMonth({ from: '2025-01-01', to: '2025-03-31' })).toEqual({
      from: '2025-01-01',
      monthsFrom: '2025-01-01',
      monthsUntil: '2025-04-01',
      until: '2025-04-01',
    });
  });
});
