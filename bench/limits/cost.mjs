#!/usr/bin/env node
// What telling an operation's cost takes, on the default app's schema: once a document is known, and when it is new.
// `node scripts/bootstrap.mjs cli --version && node bench/limits/cost.mjs`
import { fileURLToPath } from 'node:url';
import { parse } from 'graphql';
import { bindProject, loadProject } from '../../dist/cli/load-project.js';
import { findProject } from '../../dist/cli/project.js';

const ROUNDS = 5;
const CALLS = 200_000;
const DOCUMENTS = 200;

const OPERATIONS = {
  'nothing depends on variables': {
    text: '{ categories(first: 2) { name products(first: 2) { nodes { name reviews(first: 1) { nodes { rating author { name } } } } } } }',
    variables: {},
  },
  'a page whose size is a variable': {
    text: `query ($n: Int, $after: String) { products(first: $n, after: $after) {
      totalCount pageInfo { hasNextPage } edges { cursor node { id name price category { name } } } } }`,
    variables: { n: 12, after: null },
  },
  'three sizes and a condition': {
    text: `query ($a: Int, $b: Int, $c: Int, $on: Boolean!) { products(first: $a) { nodes { name
      images(first: $b) { url } ... @include(if: $on) { reviews(first: $c) { nodes { rating author { name } } } } } } }`,
    variables: { a: 10, b: 3, c: 5, on: true },
  },
};

const project = findProject({ root: fileURLToPath(new URL('../../', import.meta.url)) });
const { costs } = bindProject(await loadProject(project), { defaultPageRows: 20, maxPageRows: 1_000 });

let documents = [];
for (const [name, { text, variables }] of Object.entries(OPERATIONS)) {
  const known = parse(text);
  const { cost } = costs.measure(known, null, variables);
  const warm = best(() => {
    for (let call = 0; call < CALLS; call += 1) costs.measure(known, null, variables);
    return CALLS;
  });
  const fresh = best(
    () => {
      for (const document of documents) costs.measure(document, null, variables);
      return DOCUMENTS;
    },
    () => {
      documents = Array.from({ length: DOCUMENTS }, () => parse(text));
    },
  );
  console.log(`${name}: ${cost} points; known ${warm.toFixed(2)} µs, new ${fresh.toFixed(0)} µs`);
}

/** Microseconds for each of what `run` does, in the quickest of some rounds. */
function best(run, prepare = () => {}) {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    prepare();
    const start = performance.now();
    const count = run();
    least = Math.min(least, ((performance.now() - start) * 1_000) / count);
  }
  return least;
}
