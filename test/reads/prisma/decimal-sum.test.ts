import fc from 'fast-check';
import pg from 'pg';
import { sumDecimals } from '../../../src/reads/prisma/decimal-sum.js';
import { createTestDatabase, type TestDatabase } from '../../services/database.js';

describe('a sum of decimals', () => {
  let database: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  const finite = fc
    .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.nat(12))
    .map(([units, scale]) => {
      const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
      const whole = digits.slice(0, digits.length - scale);
      const sign = units < 0n ? '-' : '';
      return scale === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-scale)}`;
    });

  it('is printed as PostgreSQL prints its own', async () => {
    const special = fc.constantFrom('NaN', 'Infinity', '-Infinity');
    const addends = fc.array(fc.oneof({ weight: 12, arbitrary: finite }, special), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(addends, async (texts) => {
        const { rows } = await client.query('SELECT sum(x)::text AS sum FROM unnest($1::numeric[]) AS x', [
          texts,
        ]);
        expect(sumDecimals(texts)).toBe(rows[0].sum);
      }),
      { numRuns: 200 },
    );
  });
});
