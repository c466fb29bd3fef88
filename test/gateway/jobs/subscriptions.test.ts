import { once } from 'node:events';
import http from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { until } from '../../embedded/until.js';
import { type CachingNode, signedIn } from '../caching/cached-zoo.js';
import { type JobZoo, listen, openJobZoo } from './job-zoo.js';

let world: JobZoo;
let node: CachingNode;
let other: CachingNode;
beforeAll(async () => {
  world = await openJobZoo();
  node = await world.openNode();
  other = await world.openNode({
    SLUICE_JOBS_WORKER: 'off',
    SLUICE_SUBSCRIPTIONS_MAX_PER_CALLER: '2',
    SLUICE_HTTP_INTROSPECTION: 'off',
  });
}, 60_000);
afterAll(() => world.close());

const UPDATES =
  'subscription ($id: ID!) { jobUpdated(id: $id) { state progress ... on HerdJob { result { count first { name } } } } }';

function closeGate(): () => void {
  let open = () => {};
  world.hands.gate = new Promise((resolve) => {
    open = resolve;
  });
  return () => open();
}

async function begin(key: string): Promise<string> {
  const { body } = await node.ask(`{ gated(key: "${key}") { id } }`);
  return body.data.gated.id;
}

async function isRunning(key: string): Promise<void> {
  await until('it runs', async () => world.hands.runs.has(`gated ${key}`));
}

/** What a stream of server-sent events tells until it ends. */
async function readEvents(at: CachingNode, query: string, variables: object, headers = {}): Promise<any> {
  const response = await fetch(`${at.url}/graphql/stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  const events = [...text.matchAll(/^event: next\ndata: (.*)$/gm)].map(([, data]) =>
    JSON.parse(String(data)),
  );
  return {
    status: response.status,
    headers: response.headers,
    events,
    isComplete: text.includes('event: complete'),
    text,
  };
}

describe('jobUpdated', () => {
  it('tells a subscriber on another node how the job stands, until it has ended', async () => {
    const open = closeGate();
    const id = await begin('told');
    const listening = listen(other, UPDATES, { variables: { id } });
    await until('somebody listens', async () => (await other.metric('sluice_subscriptions_open')) === 1);
    await isRunning('told');
    open();
    const told = (await listening).map(({ data }) => data.jobUpdated);
    expect(told.at(-1)).toMatchObject({ state: 'COMPLETED', progress: 1 });
    expect(typeof told.at(-1).result.first.name).toBe('string');
    expect(told.slice(0, -1).every(({ state }) => state === 'ACTIVE' || state === 'WAITING')).toBe(true);
    await until('nobody does any more', async () => (await other.metric('sluice_subscriptions_open')) === 0);
  });

  it('comes as server-sent events, too', async () => {
    const open = closeGate();
    const id = await begin('sse');
    const reading = readEvents(other, UPDATES, { id });
    await isRunning('sse');
    open();
    const { status, headers, events, isComplete } = await reading;
    expect([status, headers.get('content-type'), headers.get('cache-control'), isComplete]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
      'no-cache',
      true,
    ]);
    expect(events.at(-1).data.jobUpdated.state).toBe('COMPLETED');
  });

  it.each([undefined, '*/*', 'text/*', 'application/json;q=0.5, text/event-stream', 'TEXT/EVENT-STREAM'])(
    'comes so to whoever takes events: Accept %s',
    async (accept) => {
      const { body } = await node.ask('{ herd { id } }');
      const query = new URLSearchParams({
        query: UPDATES,
        variables: JSON.stringify({ id: body.data.herd.id }),
      });
      const request = http.get(`${other.url}/graphql/stream?${query}`, {
        headers: accept === undefined ? {} : { accept },
      });
      const [response] = (await once(request, 'response')) as [http.IncomingMessage];
      expect(response.statusCode).toBe(200);
      expect(await readText(response)).toContain('"state":"COMPLETED"');
    },
  );

  it.each([
    'application/json',
    'text/event-stream;q=0',
    'text/event-stream;q=0, */*',
    'text/html, application/xml',
  ])('is refused to whoever doesn’t: Accept %s', async (accept) => {
    const response = await fetch(`${other.url}/graphql/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify({ query: UPDATES, variables: { id: 'x' } }),
    });
    expect([response.status, ((await response.json()) as any).errors[0].extensions.code]).toEqual([
      406,
      'NOT_ACCEPTABLE',
    ]);
  });

  it('tells one that has ended at once', async () => {
    const { body } = await node.ask('{ herd { id } }');
    const told = await listen(other, UPDATES, { variables: { id: body.data.herd.id } });
    expect(told).toMatchObject([{ data: { jobUpdated: { state: 'COMPLETED' } } }]);
  });

  it('is for whom the job is', async () => {
    const mine = await node.ask('{ mine { id } }', { headers: await signedIn('7') });
    const { id } = mine.body.data.mine;
    const told = await listen(other, UPDATES, { variables: { id }, headers: await signedIn('7') });
    expect(told).toMatchObject([{ data: { jobUpdated: { state: 'COMPLETED' } } }]);
    expect(await listen(other, UPDATES, { variables: { id }, headers: await signedIn('8') })).toEqual([]);
    expect((await readEvents(other, UPDATES, { id }, await signedIn('8'))).events).toEqual([]);
    expect((await readEvents(other, UPDATES, { id }, await signedIn('7'))).events).toHaveLength(1);
  });
});

describe('whoever subscribes', () => {
  it('is who their credentials say, and nobody where those don’t hold', async () => {
    await expect(
      listen(node, UPDATES, { variables: { id: 'x' }, headers: { authorization: 'Bearer nonsense' } }),
    ).rejects.toMatchObject({
      code: 4403,
    });
    const refused = await readEvents(node, UPDATES, { id: 'x' }, { authorization: 'Bearer nonsense' });
    expect(refused.status).toBe(401);
  });

  it('is told no more once their credentials hold no longer', async () => {
    const open = closeGate();
    const id = await begin('revoked');
    await isRunning('revoked');
    const token = (await signedIn('9')).authorization!.slice('Bearer '.length);
    const { jti } = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());
    const listening = listen(other, UPDATES, {
      variables: { id },
      headers: { authorization: `Bearer ${token}` },
    });
    await until('they listen', async () => (await other.metric('sluice_subscriptions_events_total')) > 0);
    if (jti !== undefined)
      await world.zoo.client.query('INSERT INTO sluice.revoked_tokens (jti) VALUES ($1)', [jti]);
    open();
    const told = await listening;
    expect(told.at(-1)).toMatchObject(
      jti === undefined
        ? { data: { jobUpdated: { state: 'COMPLETED' } } }
        : { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
    );
  });

  it('has so many at a time', async () => {
    const open = closeGate();
    const id = await begin('many');
    const headers = await signedIn('11');
    const first = [1, 2].map(() => listen(other, UPDATES, { variables: { id }, headers }));
    await until('both listen', async () => (await other.metric('sluice_subscriptions_open')) === 2);
    await expect(listen(other, UPDATES, { variables: { id }, headers })).rejects.toMatchObject([
      { message: expect.stringContaining('of 2 at most'), extensions: { code: 'OVERLOADED' } },
    ]);
    open();
    await Promise.all(first);
    expect(await listen(other, UPDATES, { variables: { id }, headers })).toHaveLength(1);
  });

  it.each([
    ['{ herd { id } }', 'BAD_REQUEST', 'Only subscriptions go this way'],
    [
      'subscription { nothing }',
      'GRAPHQL_VALIDATION_FAILED',
      'Cannot query field "nothing" on type "Subscription".',
    ],
    [
      'subscription { jobUpdate(id: "x") { id } }',
      'GRAPHQL_VALIDATION_FAILED',
      'Cannot query field "jobUpdate" on type "Subscription".',
    ],
    ['subscription {', 'GRAPHQL_PARSE_FAILED', 'Syntax Error'],
    [`subscription { jobUpdated(id: "x") ${'{ error '.repeat(30)}`, 'GRAPHQL_PARSE_FAILED', ''],
    [
      'subscription A { jobUpdated(id: "x") { id } } subscription B { jobUpdated(id: "x") { id } }',
      'OPERATION_RESOLUTION_FAILURE',
      '',
    ],
  ])('is told what is wrong: %s', async (query, code, message) => {
    await expect(listen(other, query)).rejects.toMatchObject([
      { message: expect.stringContaining(message), extensions: { code } },
    ]);
    const { text } = await readEvents(other, query, {});
    expect(text).toContain(code);
  });

  it('asks for subscriptions where those are', async () => {
    const { body } = await node.ask('subscription { jobUpdated(id: "x") { id } }');
    expect(body.errors).toMatchObject([{ message: expect.stringContaining('graphql-transport-ws') }]);
  });

  it.each(['/elsewhere', '/graphql/'])('gets no WebSocket at %s', async (path) => {
    const socket = new WebSocket(`${node.url.replace('http', 'ws')}${path}`, 'graphql-transport-ws');
    const status = await new Promise((resolve) => {
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
      socket.on('error', () => resolve('cut'));
    });
    expect(status).toBe(404);
  });

  it('speaks the protocol, or is closed', async () => {
    const socket = new WebSocket(`${node.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send('nonsense');
    const code = await new Promise((resolve) => socket.once('close', resolve));
    expect(code).toBe(4400);
  });
});

describe('a subscriber who reads slowly', () => {
  const FLOOD = 'subscription ($events: Int!) { flood(events: $events, characters: 200000) }';
  /** Together some ten times what connections hold on their way. */
  const EVENTS = 400;

  /** How many events have been taken once no more are. */
  async function standsStill(): Promise<number> {
    let [last, times] = [-1, 0];
    await until('no more events are taken', async () => {
      times = world.hands.flooded === last ? times + 1 : 0;
      last = world.hands.flooded;
      return last > 0 && times >= 20;
    });
    return last;
  }

  it('by WebSocket: nothing piles up, and nothing is lost', async () => {
    const socket = new WebSocket(`${other.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const told: number[] = [];
    let isComplete = false;
    socket.on('message', (data) => {
      const { type, payload } = JSON.parse(String(data));
      if (type === 'connection_ack') {
        const subscribe = { query: FLOOD, variables: { events: EVENTS } };
        socket.send(JSON.stringify({ id: 'flood', type: 'subscribe', payload: subscribe }));
        socket.pause();
      } else if (type === 'next') told.push(Number.parseInt(payload.data.flood, 10));
      else if (type === 'complete') isComplete = true;
    });
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init' })));
    world.hands.flooded = 0;
    expect(await standsStill()).toBeLessThan(EVENTS / 2);
    socket.resume();
    await until('all have come', async () => isComplete);
    expect(told).toEqual(Array.from({ length: EVENTS }, (_, n) => n));
    socket.close();
  });

  it('by server-sent events: as well', async () => {
    world.hands.flooded = 0;
    const request = http.request(`${other.url}/graphql/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    });
    request.end(JSON.stringify({ query: FLOOD, variables: { events: EVENTS } }));
    // Nothing is read of it before somebody asks.
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    expect(await standsStill()).toBeLessThan(EVENTS / 2);
    const text = await readText(response);
    const told = [...text.matchAll(/"flood":"(\d+) /g)].map(([, n]) => Number(n));
    expect(told).toEqual(Array.from({ length: EVENTS }, (_, n) => n));
    expect(text).toContain('event: complete');
  });
});

describe('subscriptions over a restart', () => {
  it('end when the server does, which doesn’t wait for jobs', async () => {
    const open = closeGate();
    const third = await world.openNode({ SLUICE_JOBS_WORKER: 'off' });
    const id = await begin('restart');
    const client = createClient({
      url: `${third.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
    const closed = new Promise((resolve) =>
      client.on('closed', (event) => resolve((event as { code: number }).code)),
    );
    const told = (async () => {
      for await (const _ of client.iterate({ query: UPDATES, variables: { id } }));
    })().catch(() => undefined);
    const streamed = readEvents(third, UPDATES, { id });
    await until('both listen', async () => (await third.metric('sluice_subscriptions_open')) === 2);
    await third.close();
    expect((await streamed).isComplete).toBe(true);
    await told;
    await client.dispose();
    expect([1000, 1001]).toContain(await closed);
    open();
  });
});
