import { gid } from './engine-suite.js';
import { createZooApi, type ZooApi } from './zoo-api.js';

/** The promise of flat cost: statements depend on the operation, never on how many rows there are. */
describe('statements over pg', () => {
  let zoo: ZooApi;

  beforeAll(async () => {
    zoo = await createZooApi('pg');
  });

  afterAll(async () => {
    await zoo.close();
  });

  const NESTED = `query ($first: Int!) { animals(first: $first) { nodes {
    name taxon { name } carer { name shifts(first: 2) { nodes { day } } } foods(first: 2) { nodes { name } totalCount }
    feedingCount feedingsAggregate { sum { grams } } friends { name } } totalCount } }`;

  async function countStatements(first: number): Promise<number> {
    await zoo.data(NESTED, { first });
    return zoo.statements.length;
  }

  it('stay the same from one row to many', async () => {
    const one = await countStatements(1);
    expect(one).toBe(10);
    expect(await countStatements(15)).toBe(one);
    await zoo.sql(
      `INSERT INTO zoo.animals (id, name, taxon_id, carer_id, is_on_show) SELECT n, 'Ant ' || n, 10, 5, true FROM generate_series(2000, 4000) n`,
    );
    expect(await countStatements(20)).toBe(one);
  });

  it('are one for a row, however many fields are selected and however often it is named', async () => {
    const id = gid('Animal', '1');
    await zoo.data(
      `{ animal(id: "${id}") { id rawId name mood weightKg bornAt isOnShow taxonId vetId label } }`,
    );
    expect(zoo.statements).toHaveLength(1);
    await zoo.data(
      `{ a: animal(id: "${id}") { name } b: animal(id: "${id}") { name } c: animal(id: "${gid('Animal', '2')}") { name } }`,
    );
    expect(zoo.statements).toHaveLength(1);
  });

  it('select only columns that somebody needs', async () => {
    await zoo.data('{ animalList(first: 1) { name } }');
    expect(zoo.statements[0]).toContain('name');
    expect(zoo.statements[0]).not.toContain('weight_kg');
    await zoo.data(
      'query ($no: Boolean = false) { animalList(first: 1) { name weightKg @include(if: $no) ... on Animal @skip(if: true) { bornAt } } }',
    );
    expect(zoo.statements[0]).not.toContain('weight_kg');
    expect(zoo.statements[0]).not.toContain('born_at');
  });

  it('have one text however many values, ids or rows are asked for', async () => {
    const texts = new Set<string>();
    for (const count of [1, 2, 17]) {
      const values = Array.from({ length: count }, (_, index) => `name ${index}`);
      await zoo.data(
        'query ($in: [String!], $n: Int) { animalList(first: $n, filter: { name: { in: $in } }) { name } }',
        { in: values, n: count },
      );
      texts.add(zoo.statements.join('\n'));
    }
    expect(texts.size).toBe(1);
  });

  it('that fail take their fields with them, and nothing else', async () => {
    await zoo.sql('ALTER TABLE zoo.foods RENAME TO hidden_foods');
    const { data, errors } = await zoo.ask(
      `{ food(name: "apple") { name } animal(id: "${gid('Animal', '1')}") { name } }`,
    );
    await zoo.sql('ALTER TABLE zoo.hidden_foods RENAME TO foods');
    expect(data).toEqual({ food: null, animal: { name: 'Leo' } });
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.path).toEqual(['food']);
  });
});
