import fc from 'fast-check';
import { type GraphQLSchema, parse, validate } from 'graphql';
import { introspect } from './introspect.js';
import { type LiveShop, OPEN_TIMEOUT_MS, openBeside, openLiveShop } from './live-shop.js';
import { createRandomQuery, RANDOM_QUERY_VARIABLES } from './random-query.js';

const OTHERS: Record<string, Record<string, string>> = {
  plans: { SLUICE_EXECUTION_COMPILED: 'off' },
  loaders: { SLUICE_EXECUTION_COMPILED: 'off', SLUICE_READS_PLAN: 'off' },
  'Prisma Client': { SLUICE_READS_DRIVER: 'prisma' },
};

/** Asks random queries of every way that Sluice has to answer, and compares the answers to the letter. */
export function describeAgreement(queries: number): void {
  describe('a random query', () => {
    let compiled: LiveShop;
    let others: [string, LiveShop][];
    let schema: GraphQLSchema;
    beforeAll(async () => {
      compiled = await openLiveShop();
      others = [];
      for (const [name, env] of Object.entries(OTHERS)) others.push([name, await openBeside(compiled, env)]);
      schema = await introspect(compiled);
    }, OPEN_TIMEOUT_MS);
    afterAll(async () => {
      for (const [, shop] of others) await shop.close();
      await compiled.close();
    });

    it(
      'is answered the same, letter by letter, whatever answers it',
      async () => {
        let valid = 0;
        const property = fc.asyncProperty(fc.noShrink(fc.integer()), async (seed) => {
          const query = createRandomQuery(schema, compiled.shelf, seed);
          if (validate(schema, parse(query)).length > 0) return;
          valid += 1;
          const [expected, ...answers] = await Promise.all(
            [...others.map(([, shop]) => shop), compiled].map((shop) => answerText(shop, query)),
          );
          expect({ query, answers }).toEqual({ query, answers: answers.map(() => expected) });
        });
        await fc.assert(property, { numRuns: queries });
        expect(valid).toBeGreaterThan(queries / 3);
        expect([compiled, ...others.map(([, shop]) => shop)].flatMap((shop) => shop.failures)).toEqual([]);
      },
      queries * 1000,
    );
  });
}

async function answerText(shop: LiveShop, query: string): Promise<string> {
  const { status, data, errors } = await shop.ask(query, { variables: RANDOM_QUERY_VARIABLES });
  // Errors come in the order in which their fields failed.
  const texts = errors?.map((error) => JSON.stringify(error)).sort();
  return JSON.stringify({ status, data, errors: texts });
}
