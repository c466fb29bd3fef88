import { graphql, parse } from 'graphql';
import { type BoundApi, bindApi } from '../../../src/binding/bind-schema.js';
import { type FieldCharge, limitFor } from '../../../src/binding/cost/field-charge.js';
import { FieldLedger, type FieldVerdict } from '../../../src/binding/cost/field-ledger.js';
import { LimitTickets } from '../../../src/binding/cost/ledger-limiter.js';
import { domainGraph } from '../../domain/domain-graph.js';
import { LIMITS } from '../zoo-schema.js';

const SDL = `
type Query {
  word(n: Int): String @rateLimit(limit: 3, duration: 3600, tiers: [{ tier: "premium", limit: 6 }])
  words(first: Int): [Word!]!
  free: String
}
type Mutation { say: String! }
extend type Mutation @rateLimit(limit: 2)
type Word @rateLimit(limit: 10, duration: 30) {
  text: String
  other: String @rateLimit(limit: 2)
  words(first: Int): [Word!]!
}`;

/** Coordinates whose resolvers ran, in order. */
const ran: string[] = [];
const note = (coordinate: string, value: unknown) => () => {
  ran.push(coordinate);
  return value;
};

let api: BoundApi;
beforeAll(async () => {
  const listWords = (_parent: unknown, { first }: { first?: number }) =>
    Array.from({ length: first ?? 3 }, () => ({}));
  api = bindApi({
    sdl: [{ path: 'words.graphql', text: SDL }],
    graph: await domainGraph(),
    limits: LIMITS,
    resolvers: {
      Query: { word: note('Query.word', 'a'), words: listWords, free: note('Query.free', 'b') },
      Mutation: { say: note('Mutation.say', 'said') },
      Word: { text: note('Word.text', 'c'), other: note('Word.other', 'd'), words: listWords },
    },
  });
});
beforeEach(() => {
  ran.length = 0;
});

function chargesOf(text: string, variables = {}): Record<string, number> {
  const { fieldCharges } = api.costs.measure(parse(text), null, variables)!;
  return Object.fromEntries(fieldCharges.map(({ coordinate, amount }) => [coordinate, amount]));
}

/** A ledger whose later charges are noted, and answered with \`verdict\`. */
function openLedger(verdict: FieldVerdict, tier = 'anonymous') {
  const late: FieldCharge[] = [];
  const ledger = new FieldLedger({
    tier,
    charge: async (charges) => {
      late.push(...charges);
      return verdict;
    },
  });
  return { ledger, late };
}

const GRANTED: FieldVerdict = { kind: 'granted' };
const denied = (coordinate: string): FieldVerdict => ({ kind: 'denied', coordinate, retryAfterSeconds: 7 });

async function ask(source: string, fieldLedger: FieldLedger | null) {
  const contextValue = { fieldLedger, reads: { clear: () => {} } };
  const { data, errors } = await graphql({ schema: api.schema, source, contextValue });
  return {
    data: JSON.parse(JSON.stringify(data ?? null)),
    errors: errors?.map(({ message, path, originalError }) => ({
      message,
      path: path?.join('.'),
      code: (originalError as { code?: string } | undefined)?.code,
    })),
  };
}

describe('what an operation takes of a limit', () => {
  it.each<[string, string, Record<string, number>]>([
    ['once for each alias', '{ a: word b: word(n: 2) c: free }', { 'Query.word': 2 }],
    [
      'once for a key that fragments repeat',
      '{ word ... { word } ...F } fragment F on Query { word }',
      { 'Query.word': 1 },
    ],
    ['nothing where it is skipped', '{ word @skip(if: true) free }', {}],
    [
      'as often as the lists around it are long',
      '{ words(first: 4) { words(first: 5) { a: other other } } }',
      { 'Word.words': 4, 'Word.other': 40 },
    ],
    [
      'once for each field of a type, of which each has a count of its own',
      '{ words(first: 2) { text } }',
      { 'Word.text': 2 },
    ],
    ['as mutations', 'mutation { a: say b: say }', { 'Mutation.say': 2 }],
  ])('%s', (_what, text, charges) => {
    expect(chargesOf(text)).toEqual(charges);
  });

  it('depends on variables', () => {
    const text =
      'query ($n: Int, $on: Boolean!) { words(first: $n) { other @include(if: $on) } word @skip(if: $on) }';
    expect(chargesOf(text, { n: 6, on: true })).toEqual({ 'Word.other': 6 });
    expect(chargesOf(text, { on: false })).toEqual({ 'Query.word': 1 });
  });

  it('comes with the limit of each tier: one that is not named has what the tier below it has', () => {
    const [charge] = api.costs.measure(parse('{ word }'), null, {})!.fieldCharges;
    expect(charge).toEqual({
      coordinate: 'Query.word',
      durationSeconds: 3600,
      limits: { anonymous: 3, authenticated: 3, premium: 6, staff: 6 },
      amount: 1,
    });
    expect(limitFor(charge!, 'premium')).toBe(6);
    expect(limitFor(charge!, 'nobody')).toBe(0);
    expect(limitFor(charge!, 'constructor')).toBe(0);
  });
});

describe('a limited field', () => {
  it('runs where it was granted before, and nobody is asked again', async () => {
    const { ledger, late } = openLedger(denied('Query.word'));
    ledger.note(api.costs.measure(parse('{ a: word b: word }'), null, {})!.fieldCharges, GRANTED);
    expect(await ask('{ a: word b: word }', ledger)).toEqual({ data: { a: 'a', b: 'a' } });
    expect(late).toEqual([]);
  });

  it('is an error with path and code where it was denied before, and nobody is asked again', async () => {
    const { ledger, late } = openLedger(GRANTED, 'premium');
    ledger.note(api.costs.measure(parse('{ word }'), null, {})!.fieldCharges, denied('Query.word'));
    expect(await ask('{ word free }', ledger)).toEqual({
      data: { word: null, free: 'b' },
      errors: [
        {
          message: 'Query.word may be asked for 6 times in 3600 seconds (premium): ask again in 7 seconds',
          path: 'word',
          code: 'RATE_LIMITED',
        },
      ],
    });
    expect(late).toEqual([]);
    expect(ran).toEqual(['Query.free']);
  });

  it.each([
    ['anonymous', 3],
    ['authenticated', 3],
    ['premium', 6],
    ['staff', 6],
  ])("tells the limit of the caller's tier: %s, %d", async (tier, limit) => {
    const { ledger, late } = openLedger(denied('Query.word'), tier);
    const { errors } = await ask('{ word }', ledger);
    expect(errors?.[0]?.message).toContain(`may be asked for ${limit} times in 3600 seconds (${tier})`);
    expect(late.map((charge) => limitFor(charge, tier))).toEqual([limit]);
  });

  it('is denied with what it was asked for together with', async () => {
    const { ledger } = openLedger(GRANTED);
    const text = '{ word words(first: 1) { text } }';
    ledger.note(api.costs.measure(parse(text), null, {})!.fieldCharges, denied('Word.text'));
    const { errors } = await ask(text, ledger);
    expect(errors?.map(({ message }) => message)).toEqual([
      'Query.word was asked for together with Word.text, whose limit is used up (anonymous): ask again in 7 seconds',
      'Word.text may be asked for 10 times in 30 seconds (anonymous): ask again in 7 seconds',
    ]);
  });

  it('that was not charged before is charged when it is reached', async () => {
    const { ledger, late } = openLedger(GRANTED);
    ledger.note(api.costs.measure(parse('{ word }'), null, {})!.fieldCharges, GRANTED);
    expect((await ask('{ a: word b: word words(first: 2) { text } }', ledger)).errors).toBeUndefined();
    expect(late.map(({ coordinate, amount }) => [coordinate, amount])).toEqual([
      ['Query.word', 1],
      ['Word.text', 1],
      ['Word.text', 1],
    ]);
  });

  it('that is denied when it is reached stays so for the request', async () => {
    const { ledger, late } = openLedger(denied('Mutation.say'));
    const { errors } = await ask('mutation { a: say }', ledger);
    expect(errors).toMatchObject([{ path: 'a', code: 'RATE_LIMITED' }]);
    await ask('mutation { a: say }', ledger);
    expect(late).toHaveLength(1);
    expect(ran).toEqual([]);
  });

  it('takes what was granted to all operations of a batch', async () => {
    const { ledger, late } = openLedger(denied('Query.word'));
    const charges = api.costs.measure(parse('{ word }'), null, {})!.fieldCharges;
    ledger.note(charges, GRANTED);
    ledger.note(charges, GRANTED);
    expect((await ask('{ word }', ledger)).errors).toBeUndefined();
    expect((await ask('{ word }', ledger)).errors).toBeUndefined();
    expect(late).toEqual([]);
    expect((await ask('{ word }', ledger)).errors).toHaveLength(1);
  });

  it('fails with what charging it fails with', async () => {
    const ledger = new FieldLedger({
      tier: 'anonymous',
      charge: async () => {
        throw new Error('lost');
      },
    });
    expect((await ask('{ word }', ledger)).errors).toMatchObject([{ message: 'lost', path: 'word' }]);
  });

  it("is nobody's limit where a request has no ledger", async () => {
    expect(await ask('{ a: word b: word c: word d: word }', null)).toMatchObject({ data: { d: 'a' } });
  });
});

describe('the tickets of limited fields', () => {
  it('are taken once, and only where they are open', async () => {
    const tickets = new LimitTickets();
    const ticket = { ledger: null, limit: { coordinate: 'A.b', durationSeconds: 1, limits: {} } };
    const key = tickets.open(ticket);
    expect(tickets.size).toBe(1);
    expect(tickets.take(key)).toBe(ticket);
    expect(tickets.size).toBe(0);
    expect(() => tickets.take(key)).toThrow('There is no open ticket');
  });
});
