import { buildSchema, parse } from 'graphql';
import { OperationKeys } from '../../../src/binding/caching/operation-keys.js';

const schema = buildSchema(/* GraphQL */ `
  scalar Odd
  input Filter { name: String, tags: [String!], min: Int = 1 }
  type Item { id: ID! name: String! item(id: Int): Item }
  type Query { item(id: Int, filter: Filter, odd: Odd): Item other: Item }
`);
const keys = new OperationKeys(schema);

function keyOf(query: string, variables: Record<string, unknown> = {}, name: string | null = null): string {
  const key = keys.find(parse(query), name, variables);
  return key === null ? 'none' : `${key.operation}:${key.variables}`;
}

const groupOf = (query: string) => keys.find(parse(query), null, {})?.group;

describe('Operations that ask the same', () => {
  const BASE =
    'query Q($a: Int, $f: Filter = { name: "x" }) { item(id: $a, filter: $f) { id ...F } } fragment F on Item { name }';

  it('have one key, however they are written', () => {
    const same = [
      BASE.replaceAll(' ', '\n  '),
      `# a comment\n${BASE}`,
      BASE.replaceAll(',', ' '),
      BASE.replace('$a: Int, $f: Filter = { name: "x" }', '$f: Filter = { name: "x" }, $a: Int'),
      `${BASE} fragment Unused on Item { id }`,
      `fragment F on Item { name } ${BASE.split(' fragment')[0]}`,
    ];
    for (const query of same) {
      const isDeclared = !query.includes('Unused');
      expect([query, keyOf(query, { a: 1 }, 'Q')]).toEqual([query, keyOf(BASE, { a: 1 }, 'Q')]);
      expect(isDeclared || query.includes('Unused')).toBe(true);
    }
  });

  it('have one key, however their variables are given', () => {
    const base = keyOf(BASE, { a: 1, f: { name: 'x', tags: ['p'] } }, 'Q');
    expect(keyOf(BASE, { f: { tags: ['p'], name: 'x' }, a: 1 }, 'Q')).toBe(base);
    expect(keyOf(BASE, { f: { tags: 'p', name: 'x', min: 1 }, a: 1, unknown: 5 }, 'Q')).toBe(base);
    expect(keyOf(BASE, { a: 1, f: { name: 'x' } }, 'Q')).toBe(keyOf(BASE, { a: 1 }, 'Q'));
  });
});

describe('Operations that ask something else', () => {
  it('have keys of their own', () => {
    const queries = [
      '{ item { id name } }',
      '{ item { name id } }',
      '{ item { id: name name: id } }',
      '{ a: item { id name } }',
      '{ item(id: 1) { id name } }',
      '{ item(id: 2) { id name } }',
      '{ item(filter: { name: "a" }) { id name } }',
      '{ item(filter: { name: "b" }) { id name } }',
      '{ item(filter: { name: null }) { id name } }',
      '{ item(filter: {}) { id name } }',
      '{ item { id ... @include(if: true) { name } } }',
      '{ other { id name } }',
      'query Named { item { id name } }',
      'query Other { item { id name } }',
      'query ($a: Int) { item(id: $a) { id name } }',
      'query ($a: Int = 2) { item(id: $a) { id name } }',
    ];
    expect(new Set(queries.map((query) => keyOf(query))).size).toBe(queries.length);
  });

  it('have keys of their own for each value of a variable, null and absence kept apart', () => {
    const query = 'query ($a: Int, $f: Filter) { item(id: $a, filter: $f) { id } }';
    const variables = [
      {},
      { a: null },
      { a: 0 },
      { a: 1 },
      { f: null },
      { f: {} },
      { f: { name: '1' } },
      { f: { tags: ['1'] } },
      { f: { tags: [] } },
      { a: 1, f: {} },
    ];
    const found = variables.map((given) => keyOf(query, given));
    expect(new Set(found).size).toBe(variables.length);
    expect(found).not.toContain('none');
  });

  it('have none where their variables are faulty, or no text tells them apart', () => {
    expect(keyOf('query ($a: Int!) { item(id: $a) { id } }')).toBe('none');
    expect(keyOf('query ($a: Int) { item(id: $a) { id } }', { a: 'x' })).toBe('none');
    expect(keyOf('query ($o: Odd) { item(odd: $o) { id } }', { o: () => 1 })).toBe('none');
    expect(keyOf('query A { other { id } } query B { other { id } }', {}, 'C')).toBe('none');
  });
});

describe('A group', () => {
  it('is shared by operations that differ in literals alone', () => {
    expect(groupOf('{ item(id: 1, filter: { name: "a", tags: ["x"] }) { id } }')).toBe(
      groupOf('{ item(id: 2, filter: { name: "b" }) { id } }'),
    );
    expect(groupOf('{ item(id: 1) { id } }')).not.toBe(groupOf('{ item(id: 1) { name } }'));
  });
});
