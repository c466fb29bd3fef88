import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { bindApi } from '../../../src/binding/bind-schema.js';
import { domainGraph } from '../../domain/domain-graph.js';
import { createZooApi, type ZooApi } from '../zoo-api.js';
import { LIMITS } from '../zoo-schema.js';
import { signedIn } from './protected-zoo.js';

const NAME = 'test/binding/authorization/documentation.test.ts';

describe('docs/authorization.md', () => {
  let page: string;
  let zoo: ZooApi;

  beforeAll(async () => {
    page = await readFile(path.join(import.meta.dirname, '../../../docs/authorization.md'), 'utf8');
    const graph = await domainGraph();
    const sdl = [{ path: 'docs.graphql', text: findBlock('schema') }];
    zoo = await createZooApi('compiled', async () => bindApi({ sdl, graph, limits: LIMITS }));
  });

  afterAll(() => zoo.close());

  /** The block of code below a comment. */
  function findBlock(what: string): string {
    const block = page.split(`<!-- ${what} of ${NAME} -->\n`)[1]?.match(/^```\w+\n([\s\S]*?)\n```/);
    if (block?.[1] === undefined) throw new Error(`docs/authorization.md has no ${what}`);
    return block[1];
  }

  it('shows a query and what nobody in particular is answered', async () => {
    const { data, errors } = await zoo.ask(findBlock('query'));
    const shown = errors?.map(({ message, path: at, extensions }) => ({ message, path: at, extensions }));
    expect({ data, errors: shown }).toEqual(JSON.parse(findBlock('answer')));
    expect(zoo.statements.join()).not.toContain('weight_kg');
  });

  it('quotes the refusal of an argument', async () => {
    const { errors } = await zoo.ask('{ animals(filter: { weightKg: { gt: 5 } }) { name } }');
    expect(page.replaceAll(/\s+/g, ' ')).toContain(errors?.[0]?.message);
  });

  it('has a schema that shows keepers their own', async () => {
    const query =
      '{ animals(first: 1) { passport { number } vet { name } } keepers { name shifts { day } } }';
    const { data, errors } = await zoo.ask(query, {}, signedIn('1', 'premium'));
    expect(errors).toBeUndefined();
    expect(data.animals).toEqual([{ passport: { number: 'P-1' }, vet: { name: "O'Hara" } }]);
    const busy = data.keepers.filter(({ shifts }: { shifts: unknown[] }) => shifts.length > 0);
    expect(busy).toEqual([{ name: 'Ada', shifts: expect.any(Array) }]);
  });
});
