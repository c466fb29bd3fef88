import { randomBytes } from 'node:crypto';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { PositionTokens } from '../../../src/changes/position-tokens.js';
import { RequestChanges } from '../../../src/gateway/changes/request-changes.js';
import type { GatewayContext } from '../../../src/gateway/gateway-context.js';
import { createPrismaClient } from '../../../src/reads/prisma/create-prisma-client.js';
import { createMetrics } from '../../../src/telemetry/metrics.js';
import { createDomainDatabase } from '../../domain/domain-database.js';
import { domainGraph } from '../../domain/domain-graph.js';
import { PrismaClient } from '../../domain/generated/prisma/client.js';
import type { TestDatabase } from '../../services/database.js';
import { type SmallGateway, startSmallGateway } from '../small-gateway.js';
import { createRecordedChanges, type RecordedChanges } from './recorded-changes.js';

const tokens = new PositionTokens(randomBytes(32));
const TOKEN = tokens.write({ epoch: 'e', id: 7 });

let database: TestDatabase;
let prisma: PrismaClient;
beforeAll(async () => {
  database = await createDomainDatabase();
  prisma = createPrismaClient(PrismaClient, {
    url: database.url,
    prepared: true,
    poolSize: 3,
    statementTimeoutMs: 10_000,
    connectTimeoutMs: 5_000,
  });
});
afterAll(async () => {
  await prisma.$disconnect();
  await database.drop();
});

const rename = (name: string) => ({ where: { id: 1 }, data: { name } });
const prismaOf = (context: GatewayContext) => context.prisma as PrismaClient;

/** Each field does one thing with the request's client, or tells what the request knows. */
const schema = makeExecutableSchema<GatewayContext>({
  typeDefs: /* GraphQL */ `
    type Query { plain: Int, raw: Int, counted: Int, mayUseCaches: Boolean! }
    type Mutation { rename(name: String!): String, renameAndFail: String!, look: Boolean!, hold: Boolean! }
  `,
  resolvers: {
    Query: {
      plain: () => 1,
      raw: async (_, __, context) => (await prismaOf(context).$queryRaw<unknown[]>`SELECT 1`).length,
      counted: (_, __, context) => prismaOf(context).animal.count(),
      mayUseCaches: (_, __, context) => context.changes.mayUseCaches,
    },
    Mutation: {
      rename: async (_, { name }, context) => (await prismaOf(context).animal.update(rename(name))).name,
      renameAndFail: async (_, __, context) => {
        await prismaOf(context).animal.update(rename('Leo'));
        throw new Error('too late');
      },
      look: (_, __, context) => context.changes.mayUseCaches,
      // Nobody waits for it: it is still running when the operation ends.
      hold: (_, __, context) => {
        void prismaOf(context).$transaction((inner) => inner.animal.update(rename('Leo')).then(() => gate));
        return true;
      },
    },
  },
});

let gate: Promise<void> = Promise.resolve();

/** Holds up what waits for the gate, until the function is called that this gives. */
function closeGate(): () => void {
  let open = () => {};
  gate = new Promise((resolve) => {
    open = resolve;
  });
  return () => open();
}

let changes: RecordedChanges;
let gateway: SmallGateway;
beforeEach(async () => {
  changes = createRecordedChanges();
  gateway = await startSmallGateway(
    { SLUICE_HTTP_BATCHING: 'on', SLUICE_CHANGES_SETTLE_TIMEOUT_MS: '1000' },
    { schema, prisma, changes: { node: changes, tokens } },
  );
});
afterEach(() => gateway.close());

const WRITE = 'mutation { rename(name: "Leo") }';

async function askBatch(...queries: string[]) {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(queries.map((query) => ({ query }))),
  });
  return { headers: response.headers, answers: (await response.json()) as Record<string, unknown>[] };
}

async function readSettles(): Promise<string[]> {
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  return text.split('\n').filter((line) => /^sluice_changes_(settles|position_waits)_total\{/.test(line));
}

describe('An operation that writes', () => {
  it('is answered once everybody can know of it, with the position', async () => {
    const answer = await gateway.ask(WRITE);
    expect(answer).toMatchObject({ status: 200, data: { rename: 'Leo' } });
    expect(answer).not.toHaveProperty('extensions');
    expect(changes.calls).toEqual(['settle wrote']);
    expect(answer.headers.get('sluice-position')).toBe(TOKEN);
    expect(await readSettles()).toEqual(['sluice_changes_settles_total{cause="wrote",outcome="drained"} 1']);
  });

  it('is answered like this although it failed', async () => {
    const answer = await gateway.ask('mutation { renameAndFail }');
    expect(answer).toMatchObject({ data: null, errors: [{ path: ['renameAndFail'] }] });
    expect(changes.calls).toEqual(['settle wrote']);
    expect(answer.headers.get('sluice-position')).toBe(TOKEN);
  });

  it('says so, and gives no position, where nobody could be told in time', async () => {
    changes.settled = [{ isDrained: false }];
    const answer = await gateway.ask(WRITE);
    expect(answer).toMatchObject({ data: { rename: 'Leo' }, extensions: { changes: { drained: false } } });
    expect(answer.headers.get('sluice-position')).toBeNull();
    expect(await readSettles()).toEqual(['sluice_changes_settles_total{cause="wrote",outcome="pending"} 1']);
  });

  it('says so where it ends before its write does', async () => {
    const open = closeGate();
    try {
      const answer = await gateway.ask('mutation { hold }');
      expect(answer).toMatchObject({ data: { hold: true }, extensions: { changes: { drained: false } } });
      expect(answer.headers.get('sluice-position')).toBeNull();
      expect(changes.calls).toEqual(['settle may-have-written']);
    } finally {
      open();
    }
  });

  it('uses nothing that is remembered from then on', async () => {
    const { data } = await gateway.ask('mutation { before: look rename(name: "Leo") after: look }');
    expect(data).toEqual({ before: true, rename: 'Leo', after: false });
  });

  it('is told of by the raw SQL of a query, which may write', async () => {
    const answer = await gateway.ask('{ raw }');
    expect(answer.data).toEqual({ raw: 1 });
    expect(changes.calls).toEqual(['settle may-have-written']);
  });

  it('is waited for by each element of a batch, which carries the last position', async () => {
    const { headers, answers } = await askBatch(WRITE, '{ plain }', WRITE);
    const renamed = { data: { rename: 'Leo' } };
    expect(answers).toEqual([renamed, { data: { plain: 1 } }, renamed]);
    // One may find that the other has it told along.
    expect(new Set(changes.calls)).toEqual(new Set(['settle wrote']));
    expect(headers.get('sluice-position')).toBe(TOKEN);
  });

  it('gives a batch no position where one of its writes could not be told of', async () => {
    const open = closeGate();
    try {
      const { headers, answers } = await askBatch(WRITE, 'mutation { hold }');
      expect(answers.filter((answer) => 'extensions' in answer).length).toBeGreaterThanOrEqual(1);
      expect(headers.get('sluice-position')).toBeNull();
    } finally {
      open();
    }
  });
});

describe('An operation that only reads', () => {
  it('is answered without asking anybody', async () => {
    const answer = await gateway.ask('{ plain counted mayUseCaches }');
    expect(answer.data).toEqual({ plain: 1, counted: 15, mayUseCaches: true });
    expect(answer.headers.get('sluice-position')).toBeNull();
    expect(changes.calls).toEqual([]);
  });
});

describe('A position that a request names', () => {
  const send = (query: string, token: string) =>
    gateway.ask(query, { headers: { 'sluice-position': token } });

  it('is waited for before a query is executed', async () => {
    expect((await send('{ mayUseCaches }', TOKEN)).data).toEqual({ mayUseCaches: true });
    expect(changes.calls).toEqual(['waitFor e:7 500']);
    expect(await readSettles()).toEqual(['sluice_changes_position_waits_total{outcome="reached"} 1']);
  });

  it('keeps the request from what is remembered where it could not be reached', async () => {
    changes.isReached = false;
    expect((await send('{ mayUseCaches }', TOKEN)).data).toEqual({ mayUseCaches: false });
    expect(await readSettles()).toEqual(['sluice_changes_position_waits_total{outcome="primary"} 1']);
  });

  it('holds up neither mutations nor what is refused', async () => {
    expect((await send('mutation { look }', TOKEN)).data).toEqual({ look: true });
    expect((await send('{ nothing }', TOKEN)).errors).toHaveLength(1);
    expect(changes.calls).toEqual([]);
  });

  it('is refused where none of the nodes made it', async () => {
    const forged = new PositionTokens(randomBytes(32)).write({ epoch: 'e', id: 7 });
    for (const token of [forged, 'e:7', 'nonsense', '', TOKEN.replace(':7:', ':8:'), `${TOKEN}, ${TOKEN}`]) {
      const answer = await send('{ plain }', token);
      expect([token, answer.status, answer.errors?.[0]?.extensions.code]).toEqual([
        token,
        400,
        'POSITION_INVALID',
      ]);
    }
    expect(await readSettles()).toEqual(['sluice_changes_position_waits_total{outcome="refused"} 6']);
  });

  it('may be sent and read by pages of other origins', async () => {
    const preflight = await fetch(`${gateway.url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        origin: 'http://localhost:3000',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,sluice-position',
      },
    });
    expect(preflight.headers.get('access-control-allow-headers')).toContain('sluice-position');
    const answer = await gateway.ask(WRITE, { headers: { origin: 'http://localhost:3000' } });
    expect(answer.headers.get('access-control-expose-headers')).toContain('sluice-position');
  });
});

describe('Where nobody follows changes', () => {
  it('writes are answered at once and positions mean nothing', async () => {
    const alone = await startSmallGateway({}, { schema, prisma });
    try {
      const answer = await alone.ask(WRITE, { headers: { 'sluice-position': 'anything' } });
      expect(answer.data).toEqual({ rename: 'Leo' });
      expect(answer.headers.get('sluice-position')).toBeNull();
      expect((await alone.ask('{ mayUseCaches }')).data).toEqual({ mayUseCaches: true });
    } finally {
      await alone.close();
    }
  });
});

describe('The position of a request that writes twice', () => {
  it('is the later one, whichever was told of first', async () => {
    const { changes: metrics } = createMetrics();
    changes.settled = [9, 8].map((id) => ({ isDrained: true, position: { epoch: 'e', id } }));
    const bounds = { settleTimeoutMs: 1_000, positionTimeoutMs: 1_000 };
    const request = new RequestChanges(
      { changes, client: prisma, graph: await domainGraph(), metrics, ...bounds },
      null,
      () => undefined,
    );
    for (const _ of [9, 8]) {
      await (request.client as PrismaClient).animal.update(rename('Leo'));
      await request.settle();
    }
    expect(request.position).toEqual({ epoch: 'e', id: 9 });
    expect(await request.settle()).toBeNull();
  });
});
