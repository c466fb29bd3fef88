import { createRandom, createZipf } from '../harness/random.mjs';

const DETAIL_IDS = 1_000;
const FIRST_PAGE_ASKED_FOR = 500;
const PAGES_ASKED_FOR = 20;
const PAGE_ROWS = 20;

const LIST = `query List($first: Int!) {
  products(first: $first) { id name price category { id name } reviews(first: 3) { rating author { name } } }
}`;

/**
 * What is asked. `variables(facts, cursors)` gives a function that makes the variables of the next request, the same
 * sequence in every round; `facts` come from the database, `cursors` from the server that is asked. `all` gives all that
 * there are, where those are more than one and can be known.
 */
export const WORKLOADS = [
  {
    name: 'list',
    title: '20 products, each with category, 3 newest reviews and their authors',
    query: LIST,
    variables: () => () => ({ first: 20 }),
  },
  {
    name: 'detail',
    title: `one product of ${DETAIL_IDS} (Zipf), its category, 5 newest reviews and their authors`,
    query: `query Detail($id: Int!) {
  product(id: $id) { id name price category { id name } reviews(first: 5) { rating body author { id name } } }
}`,
    variables: () => {
      const zipf = createZipf(DETAIL_IDS, createRandom(1));
      return () => ({ id: zipf() });
    },
    all: () => Array.from({ length: DETAIL_IDS }, (_, index) => ({ id: index + 1 })),
  },
  {
    name: 'deep',
    title: 'a category, 10 products, 3 newest reviews of each, their authors, 2 newest reviews of each',
    query: `query Deep($id: Int!) {
  category(id: $id) {
    id
    name
    products(first: 10) {
      id
      name
      price
      reviews(first: 3) { rating title author { id name reviews(first: 2) { rating title } } }
    }
  }
}`,
    variables: ({ categoryIds }) => inTurn(categoryIds.map((id) => ({ id }))),
  },
  {
    name: 'page',
    title: `${PAGE_ROWS} products with category, from page ${FIRST_PAGE_ASKED_FOR} on, by cursor`,
    query: `query Page($first: Int!, $after: String) {
  productPage(first: $first, after: $after) {
    edges { cursor node { id name price category { id name } } }
    pageInfo { hasNextPage endCursor }
  }
}`,
    variables: (_facts, cursors) => inTurn(cursors.map((after) => ({ first: PAGE_ROWS, after }))),
    needsCursors: true,
  },
  {
    name: 'wide',
    title: '1,000 products of 12 columns',
    query: `query Wide($first: Int!) {
  products(first: $first) {
    id slug name description price stock isPublished viewCount ratingSum ratingCount createdAt categoryId
  }
}`,
    variables: () => () => ({ first: 1_000 }),
  },
  {
    name: 'mixed',
    title: 'the list with a field that a hand-written resolver computes',
    query: `query Mixed($first: Int!) {
  products(first: $first) {
    id name price label category { id name } reviews(first: 3) { rating author { name } }
  }
}`,
    variables: () => () => ({ first: 20 }),
  },
  {
    name: 'rows',
    title: 'the list with ten times the rows: 200',
    growth: 'rows',
    query: LIST,
    variables: () => () => ({ first: 200 }),
  },
  ...[
    '{ id name }',
    '{ id name reviews(first: 3) { rating } }',
    '{ id name reviews(first: 3) { rating author { name } } }',
    '{ id name reviews(first: 3) { rating author { name reviews(first: 2) { rating } } } }',
    '{ id name reviews(first: 3) { rating author { name reviews(first: 2) { rating product { name } } } } }',
  ].map((selection, index) => ({
    name: `depth${index + 1}`,
    title: `20 products, ${index + 1} ${index === 0 ? 'level' : 'levels'} deep`,
    growth: 'depth',
    query: `query Depth${index + 1}($first: Int!) { products(first: $first) ${selection} }`,
    variables: () => () => ({ first: 20 }),
  })),
];

/** What a server is asked: a body of JSON, made anew for each request where variables change. */
export function createBodies({ workload, query, facts, cursors }) {
  const nextVariables = workload.variables(facts, cursors);
  const operationName = nameOf(query);
  return () => JSON.stringify({ query, operationName, variables: nextVariables() });
}

/** Walks from page to page, in large steps, up to the cursors before which the asked pages begin. */
export async function walkToCursors(ask, query) {
  const { name, stepRows, steps } = { name: nameOf(query), stepRows: 499, steps: PAGE_ROWS };
  // 20 steps of 499 rows end where page 500 of 20 rows begins.
  let after = null;
  const next = async (first) => {
    const { data } = await ask({ query, operationName: name, variables: { first, after } });
    after = data.productPage.pageInfo.endCursor;
    if (after === null) throw new Error('The server has fewer products than there are to page through.');
  };
  for (let step = 0; step < steps; step++) await next(stepRows);
  const cursors = [after];
  while (cursors.length < PAGES_ASKED_FOR) {
    await next(PAGE_ROWS);
    cursors.push(after);
  }
  return cursors;
}

function nameOf(query) {
  return /query (\w+)/.exec(query)[1];
}

function inTurn(values) {
  let next = 0;
  return () => values[next++ % values.length];
}
