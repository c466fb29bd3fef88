import fastify, { type FastifyInstance } from 'fastify';
import { Admission } from '../../../src/gateway/admission/admission.js';
import { admitHandler } from '../../../src/gateway/admission/admit-handler.js';
import { registerErrorHandlers } from '../../../src/gateway/errors/http-errors.js';
import { createRequestActivity } from '../../../src/gateway/request-activity.js';
import { Tiers } from '../../../src/identity/tiers.js';
import { watchEventLoop } from '../../../src/telemetry/event-loop-lag.js';
import { until } from '../../embedded/until.js';

const LIMITS = { maxPerNode: 1, maxPerCaller: 1, maxQueued: 1, maxWaitMs: 60_000, maxEventLoopLagMs: 0 };

let server: FastifyInstance;
let admission: Admission;
let origin: string;
const gates: (() => void)[] = [];
let started = 0;

beforeEach(async () => {
  gates.length = 0;
  started = 0;
  admission = new Admission({ limits: LIMITS, tiers: new Tiers() });
  server = fastify();
  server.addHook('onRequest', async (request) => {
    request.activity = createRequestActivity();
  });
  registerErrorHandlers(server, 1_000);
  server.post(
    '/',
    admitHandler(
      admission,
      (request) => ({ caller: String(request.headers['x-caller']), tier: 'anonymous' }),
      async (request) => {
        started += 1;
        await new Promise<void>((resolve) => gates.push(resolve));
        if (request.headers['x-fail'] !== undefined) throw new Error('defect');
        return 'done';
      },
    ),
  );
  origin = await server.listen({ port: 0, host: '127.0.0.1' });
});
afterEach(() => {
  for (const open of gates) open();
  return server.close();
});

const ask = (caller: string, init: RequestInit = {}) =>
  fetch(origin, {
    method: 'POST',
    ...init,
    headers: { 'x-caller': caller, 'content-type': 'application/json', ...init.headers },
    body: init.body ?? '{}',
  });

describe('a handler behind admission', () => {
  it('runs when its request is let in, and gives the place to the next', async () => {
    const one = ask('a');
    await until('the first', () => started === 1);
    const two = ask('b');
    await until('the second to wait', () => admission.queued === 1);
    gates[0]!();
    expect(await (await one).text()).toBe('done');
    await until('the second', () => started === 2);
    gates[1]!();
    expect((await two).status).toBe(200);
    expect(admission.inFlight).toBe(0);
  });

  it('is not run for who is refused, who learns when to ask again', async () => {
    const one = ask('a');
    await until('the first', () => started === 1);
    const two = ask('b');
    await until('the second to wait', () => admission.queued === 1);
    const refused = await ask('c');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '60']);
    expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'OVERLOADED' } }] });
    expect(started).toBe(1);
    gates[0]!();
    await one;
    await until('the second', () => started === 2);
    gates[1]!();
    await two;
  });

  it('gives its place back where it fails', async () => {
    const one = ask('a', { headers: { 'x-fail': 'yes' } });
    await until('the first', () => started === 1);
    gates[0]!();
    expect((await one).status).toBe(500);
    expect(admission.inFlight).toBe(0);
  });

  it('keeps its place while it runs for a client that has gone, and gives up one that waits', async () => {
    const leaving = new AbortController();
    const one = ask('a', { signal: leaving.signal }).catch(() => 'gone');
    await until('the first', () => started === 1);
    const two = ask('b', { signal: leaving.signal }).catch(() => 'gone');
    await until('the second to wait', () => admission.queued === 1);
    leaving.abort();
    expect(await Promise.all([one, two])).toEqual(['gone', 'gone']);
    await until('nobody to wait', () => admission.queued === 0);
    expect(admission.inFlight).toBe(1);
    gates[0]!();
    await until('nobody to be in', () => admission.inFlight === 0);
    expect(started).toBe(1);
  });

  it('counts what a batch holds', async () => {
    const one = ask('a', { body: '[{}, {}, {}]' });
    await until('the batch', () => started === 1);
    expect(admission.inFlight).toBe(1);
    gates[0]!();
    await one;
  });
});

describe('the watch over the event loop', () => {
  it('notices that it is held up, and that it is well again', async () => {
    const watch = watchEventLoop();
    expect(watch.lagMs).toBe(0);
    await until('a lag', () => {
      const end = performance.now() + 150;
      while (performance.now() < end);
      return watch.lagMs > 50;
    });
    await until('no lag', () => watch.lagMs < 50);
    watch.stop();
  });
});
