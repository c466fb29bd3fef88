import type { DocumentNode } from 'graphql';
import type { FieldCharge } from '../../../src/binding/cost/field-charge.js';
import { FieldLedger } from '../../../src/binding/cost/field-ledger.js';
import { drawOperation, type Operation } from '../agreement/random-operation.js';
import { type LimitedZoo, openLimitedZoo } from './limited-zoo.js';
import { referenceCost } from './reference-cost.js';

/** Fixed, so that the same operations are asked every time. */
const SEED = 7;

let zoo: LimitedZoo;
beforeAll(async () => {
  zoo = await openLimitedZoo();
}, 60_000);
afterAll(() => zoo.close());

/** Valid operations at random. */
function* drawOperations(count: number): Generator<{ operation: Operation; document: DocumentNode }> {
  for (let seed = SEED, left = count; left > 0; seed += 1) {
    const operation = drawOperation(zoo.source, seed);
    const document = zoo.drivers.parse(operation.text);
    if (document === null) continue;
    left -= 1;
    yield { operation, document };
  }
}

describe('the cost of random operations', () => {
  it('is what walking them object by object gives, and so are the charges', () => {
    const { costs, schema } = zoo.api;
    let compared = 0;
    for (const { operation, document } of drawOperations(1_000)) {
      const expected = referenceCost(schema, costs.table, document, operation);
      if (expected === null) continue;
      const found = costs.measure(document, operation.operationName, operation.variables)!;
      const amounts = Object.fromEntries(
        found.fieldCharges.map(({ coordinate, amount }) => [coordinate, amount]),
      );
      expect({ ...operation, cost: found.cost, amounts }).toEqual({
        ...operation,
        cost: Math.ceil(expected.cost),
        amounts: expected.amounts,
      });
      compared += 1;
    }
    expect(compared).toBeGreaterThan(600);
  }, 120_000);

  it('is never below the rows that they return, and no field runs more often than was charged', async () => {
    let rows = 0;
    for (const { operation, document } of drawOperations(500)) {
      const { cost, fieldCharges } = zoo.api.costs.measure(
        document,
        operation.operationName,
        operation.variables,
      )!;
      const late: FieldCharge[] = [];
      const ledger = new FieldLedger({
        tier: 'anonymous',
        charge: async (charges) => {
          late.push(...charges);
          return { kind: 'granted' };
        },
      });
      ledger.note(fieldCharges, { kind: 'granted' });
      zoo.useLedger(ledger);
      await zoo.drivers.ask('plan', document, operation);
      const returned = zoo.rowsOf(ledger);
      rows += returned;
      if (returned > cost || late.length > 0) {
        throw new Error(
          `${returned} rows at ${cost}, late: ${late.map(({ coordinate }) => coordinate)}\n${operation.text}\n${JSON.stringify(operation.variables)}`,
        );
      }
    }
    expect(rows).toBeGreaterThan(500);
  }, 120_000);
});

describe('an operation with a limited field', () => {
  it('is left to resolvers by compiled code, also where only an abstract type is named', async () => {
    const text = '{ events { at } }';
    const operation = { text, variables: {}, operationName: null };
    const document = zoo.drivers.parse(text)!;
    zoo.useLedger(null);
    const { answer, isCompiled } = await zoo.drivers.ask('compiled', document, operation);
    expect(answer.errors).toEqual([]);
    expect(isCompiled).toBe(false);
  });

  it('reads nothing of what is denied before it runs', async () => {
    const text = '{ food(name: "hay") { kcal } }';
    const document = zoo.drivers.parse(text)!;
    const ledger = new FieldLedger({ tier: 'anonymous', charge: async () => ({ kind: 'granted' }) });
    const { fieldCharges } = zoo.api.costs.measure(document, null, {})!;
    ledger.note(fieldCharges, { kind: 'denied', coordinate: 'Query.food', retryAfterSeconds: 1 });
    zoo.useLedger(ledger);
    const reply = await zoo.drivers.ask('plan', document, { text, variables: {}, operationName: null });
    expect(reply.answer.errors[0]?.text).toContain('Query.food may be asked for 1000 times in 60 seconds');
    expect(reply.statements).toBe(0);
  });
});
