import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { until } from '../embedded/until.js';
import { type SmallGateway, startSmallGateway } from './small-gateway.js';

const IDLE_CONNECTIONS = 10_000;
const HOSTILE_DOCUMENTS = 200;
const AT_ONCE = 20;
/** Of the heap, after all has been forgotten that can be. */
const MAX_GROWTH_BYTES = 30_000_000;

/** Opens connections and says nothing on them. Prints a line when all are open. */
const IDLE_CLIENT = `
  const { connect } = require('node:net');
  const [port, count] = process.argv.slice(1).map(Number);
  let open = 0;
  const next = (at) => {
    if (at >= count) return;
    const socket = connect(port, '127.0.0.1', () => {
      open += 1;
      if (open === count) console.log('open');
      next(at + 100);
    });
    socket.on('error', (error) => console.log(error.code));
  };
  for (let at = 0; at < 100; at += 1) next(at);
`;

setFlagsFromString('--expose_gc');
const collectGarbage = runInNewContext('gc') as () => void;

let gateway: SmallGateway;
let client: ChildProcess | null = null;
beforeAll(async () => {
  gateway = await startSmallGateway({ SLUICE_HTTP_BATCHING: 'on', SLUICE_LOG_LEVEL: 'silent' });
});
afterEach(() => {
  client?.kill();
  client = null;
});
afterAll(() => gateway.close());

const countConnections = () =>
  new Promise<number>((resolve, reject) => {
    gateway.fastify.server.getConnections((error, count) =>
      error === null ? resolve(count) : reject(error),
    );
  });

/** Answers to hostile documents, by the code of the first error. */
async function flood(document: (at: number) => object): Promise<Record<string, number>> {
  const codes: Record<string, number> = {};
  const send = async (at: number): Promise<void> => {
    if (at >= HOSTILE_DOCUMENTS) return;
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(document(at)),
    });
    const answer = (await response.json()) as { errors?: { extensions: { code: string } }[] };
    const code = answer.errors?.[0]?.extensions.code ?? 'none';
    codes[code] = (codes[code] ?? 0) + 1;
    await send(at + AT_ONCE);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, (_, at) => send(at)));
  return codes;
}

const list = (count: number, of: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => of(at)).join(' ');

describe('a flood', () => {
  it('of idle connections keeps nobody from being served', async () => {
    const { port } = new URL(gateway.url);
    client = spawn(process.execPath, ['-e', IDLE_CLIENT, port, String(IDLE_CONNECTIONS)]);
    const [line] = await once(client.stdout!, 'data');
    expect(String(line).trim()).toBe('open');
    await until('all connections to be accepted', async () => (await countConnections()) >= IDLE_CONNECTIONS);
    for (let at = 0; at < 100; at += 1) expect((await gateway.ask('{ rows }')).status).toBe(200);
    client.kill();
    await until('the connections to be forgotten', async () => (await countConnections()) < 100);
  }, 120_000);

  it.each<[string, (at: number) => object, string]>([
    [
      'aliases',
      (at) => ({ query: `{ planet { ${list(1_000, (alias) => `a${at}_${alias}: name`)} } }` }),
      'ALIASES_EXCEEDED',
    ],
    [
      'depth',
      (at) => ({ query: `{ planet { ${'next { '.repeat(100)} n${at}: name ${'} '.repeat(100)} } }` }),
      'DEPTH_EXCEEDED',
    ],
    [
      'fragments that unfold',
      (at) => ({
        query: `{ planet { ...F0 n${at}: name } } ${list(100, (level) => `fragment F${level} on Planet { ...F${level + 1} ...F${level + 1} }`)} fragment F100 on Planet { name }`,
      }),
      'SELECTIONS_EXCEEDED',
    ],
    [
      'batches',
      (at) => Array.from({ length: 1_000 }, () => ({ query: `{ rows a${at}: rows }` })),
      'BATCH_EXCEEDED',
    ],
    ['tokens', (at) => ({ query: `{ ${'rows '.repeat(12_000)} a${at}: rows }` }), 'TOKENS_EXCEEDED'],
    [
      'directives',
      (at) => ({ query: `{ ${list(250, () => 'rows @skip(if: false)')} a${at}: rows }` }),
      'DIRECTIVES_EXCEEDED',
    ],
  ])(
    'of %s is refused, every time, and leaves nothing behind',
    async (_what, document, code) => {
      await flood(document);
      collectGarbage();
      const before = process.memoryUsage().heapUsed;
      expect(await flood(document)).toEqual({ [code]: HOSTILE_DOCUMENTS });
      collectGarbage();
      expect(process.memoryUsage().heapUsed - before).toBeLessThan(MAX_GROWTH_BYTES);
      expect((await gateway.ask('{ rows }')).status).toBe(200);
    },
    300_000,
  );
});
