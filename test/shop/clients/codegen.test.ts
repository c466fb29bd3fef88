import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type LiveShop, OPEN_TIMEOUT_MS, openLiveShop, ROOT } from './live-shop.js';
import { createShopClient } from './snippets/urql.js';

const CODEGEN = join(ROOT, 'node_modules/@graphql-codegen/cli/esm/bin.js');
const TSC = join(ROOT, 'node_modules/.bin/tsc');

const CONFIG = join(import.meta.dirname, 'snippets/codegen.yml');

const TSCONFIG = {
  compilerOptions: {
    target: 'ES2023',
    lib: ['ES2023'],
    module: 'ESNext',
    moduleResolution: 'Bundler',
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  },
  include: ['src'],
};

const PAGE = `
import { graphql } from './gql/gql';
import { useFragment } from './gql/fragment-masking';
import type { ResultOf, VariablesOf } from '@graphql-typed-document-node/core';

export const CARD = graphql(\`fragment Card on Product { name price averageRating }\`);
export const PRODUCT = graphql(\`
  query Product($slug: String!, $first: Int) {
    product(slug: $slug) {
      id
      createdAt
      ...Card
      reviews(first: $first) { nodes { rating } pageInfo { endCursor } }
    }
  }
\`);
export const REVIEW = graphql(\`
  mutation Review($input: CreateReviewInput!) { createReview(input: $input) { review { id } } }
\`);

export function describe(data: ResultOf<typeof PRODUCT>): string {
  if (!data.product) return 'none';
  const card = useFragment(CARD, data.product);
  const rating: number | null = card.averageRating;
  const cursor: string | null = data.product.reviews.pageInfo.endCursor;
  const ratings: number[] = data.product.reviews.nodes.map((review) => review.rating);
  return [card.name, card.price.toUpperCase(), rating === null, cursor === null, ratings.length].join(' ');
}

export const variables: VariablesOf<typeof PRODUCT> = { slug: 'clients-lamp-01', first: 2 };
export const input: VariablesOf<typeof REVIEW>['input'] = { productId: 'x', rating: 5, title: 't', body: 'b' };
`;

/** Every statement is one that no client of this API may get away with. */
const WRONG_USES = [
  'data.product.id;',
  'data.product?.slug;',
  'data.product?.name;',
  'data.product?.reviews.nodes[0]!.rating.toUpperCase();',
  'data.product?.createdAt.getTime();',
  'data.product?.reviews.pageInfo.endCursor.length;',
  'const a: VariablesOf<typeof PRODUCT> = { first: 2 };',
  'const b: VariablesOf<typeof PRODUCT> = { slug: 5 };',
  "const c: VariablesOf<typeof REVIEW> = { input: { productId: 'x', rating: '5', title: 't', body: 'b' } };",
  "const d: VariablesOf<typeof REVIEW> = { input: { productId: 'x', stars: 5, title: 't', body: 'b' } };",
  'graphql(`query Unknown { nothing }`).kind;',
];
const WRONG_HEAD = [
  "import type { ResultOf, VariablesOf } from '@graphql-typed-document-node/core';",
  "import { graphql } from './gql/gql';",
  "import type { PRODUCT, REVIEW } from './page';",
  'declare const data: ResultOf<typeof PRODUCT>;',
];

let shop: LiveShop;
let project: string;
beforeAll(async () => {
  shop = await openLiveShop();
  project = await mkdtemp(join(tmpdir(), 'sluice-codegen-'));
  await mkdir(join(project, 'src'));
  await symlink(join(ROOT, 'node_modules'), join(project, 'node_modules'));
  await writeFile(join(project, 'package.json'), JSON.stringify({ type: 'module' }));
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify(TSCONFIG));
  const config = await readFile(CONFIG, 'utf8');
  await writeFile(join(project, 'codegen.yml'), config.replace('http://localhost:4000/graphql', shop.url));
  await writeFile(join(project, 'src/page.ts'), PAGE);
  await promisify(execFile)(process.execPath, [CODEGEN, '--config', 'codegen.yml'], { cwd: project });
}, OPEN_TIMEOUT_MS);
afterAll(async () => {
  await shop.close();
  await rm(project, { recursive: true, force: true });
});

describe("graphql-codegen's client preset", () => {
  it('types documents so that right use compiles and each wrong use does not', async () => {
    await writeFile(join(project, 'src/wrong.ts'), [...WRONG_HEAD, ...WRONG_USES].join('\n'));
    const { stdout } = await promisify(execFile)(TSC, ['--pretty', 'false'], { cwd: project }).catch(
      (reason) => reason,
    );
    const places = String(stdout)
      .split('\n')
      .flatMap((line) => /^(\S+?)\((\d+),/.exec(line)?.slice(1, 3).join(':') ?? []);
    expect([...new Set(places)]).toEqual(
      WRONG_USES.map((_, index) => `src/wrong.ts:${WRONG_HEAD.length + index + 1}`),
    );
  });

  it('makes documents that a client sends as they are', async () => {
    const page = await import(join(project, 'src/page.ts'));
    const client = createShopClient({ url: shop.url });
    const { data, error } = await client.query(page.PRODUCT, page.variables);
    expect(error).toBeUndefined();
    expect(page.describe(data)).toBe('Lamp 01 1.10 false false 2');
  });
});
