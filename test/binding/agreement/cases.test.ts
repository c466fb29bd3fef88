import { compareDrivers } from './agreement.js';
import { globalId } from './value-pool.js';
import { openZooAgreement, type ZooAgreement } from './zoo-agreement.js';

const SHERE = globalId('Animal', '3');

/** An animal with so many fields of several statements each, were it not for plans. */
function wide(fields: number): string {
  const parts = Array.from(
    { length: fields },
    (_, index) => `c${index}: foods(first: 1) { totalCount nodes { name } }`,
  );
  return `{ animal(id: "${SHERE}") { name mood ${parts.join(' ')} } }`;
}

/** What random operations, and reading the code, once found to be answered differently, at its smallest. */
const CASES: readonly [name: string, text: string, variables?: Record<string, unknown>][] = [
  [
    'an absent variable that is named as what every object inherits',
    'query ($constructor: [AnimalOrder!]) { animals(orderBy: $constructor, first: 1) { nodes { name } } }',
  ],
  [
    'a parent that a resolver passes on, whose fields are selected otherwise there',
    `{ animal(id: "${SHERE}") { foods(first: 2) { totalCount } feedingCount friendOf { name }
       self { foods(first: 1) { nodes { name } } feedingCount(filter: { grams: { lt: 5 } }) friendOf { id label } }
       family { head { friendOf { rawId } feedingCount(filter: { grams: { gt: 5 } }) } } } }`,
  ],
  [
    'the rows of a connection, each with what is below it in the same statement',
    '{ animals(first: 2) { nodes { a: carer { shifts(first: 2) { nodes { day } } } b: carer { shifts(first: 1) { edges { node { day } } } } } } }',
  ],
  [
    'faulty arguments of an aggregate of which nothing is selected after all',
    '{ birth(id: "1") { animal { feedingsAggregate(filter: { animal: { is: { taxonId: { notIn: ["QW5pbWFsOjM"] } } } }) { max @skip(if: true) { since } } } } }',
  ],
  [
    'the same by a variable',
    'query ($f: FeedingFilter) { animal(id: "QW5pbWFsOjM") { feedingsAggregate(filter: $f) { max @skip(if: true) { since } } } }',
    { f: { animal: { is: { taxonId: { eq: 'QW5pbWFsOjM' } } } } },
  ],
  ['more cells of a row than a function takes arguments, the last of them a total count', wide(49)],
  ['more fields than one statement reads', wide(203)],
];

describe('compiled code, plans and loaders answer alike', () => {
  let zoo: ZooAgreement;

  beforeAll(async () => {
    zoo = await openZooAgreement();
  });

  afterAll(() => zoo.close());

  it.each(CASES)('%s', async (_name, text, variables = {}) => {
    const document = zoo.drivers.parse(text);
    expect(document).not.toBeNull();
    const operation = { text, variables, operationName: null };
    const { agreement, report } = await compareDrivers(zoo.drivers, document!, operation, true);
    expect({ agreement, report }).toEqual({ agreement: 'same', report });
  });
});
