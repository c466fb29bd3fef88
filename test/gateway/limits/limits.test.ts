import { randomUUID } from 'node:crypto';
import { until } from '../../embedded/until.js';
import { testRedisUrl } from '../../services/database.js';
import { type Answer, readMetric } from '../small-gateway.js';
import { type LimitedGateway, startLimitedGateway } from './limited-gateway.js';

const open: LimitedGateway[] = [];
async function start(...args: Parameters<typeof startLimitedGateway>): Promise<LimitedGateway> {
  const gateway = await startLimitedGateway(...args);
  open.push(gateway);
  return gateway;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((gateway) => gateway.close()));
});

function codesOf({ errors = [] }: Answer): unknown[] {
  return errors.map(({ extensions }) => extensions.code);
}

async function askTimes(count: number, ask: () => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let time = 0; time < count; time++) answers.push(await ask());
  return answers;
}

describe.each([
  ['in memory', null],
  ['in Redis', 'redis'],
] as const)('A gateway that counts %s', (_, kind) => {
  const limited = (env: Record<string, string> = {}) =>
    start(env, { redisUrl: kind === null ? null : testRedisUrl() });

  it('shows on every answer what is left of which budget', async () => {
    const gateway = await limited();
    const { headers, data } = await gateway.from('203.0.113.1', '{ hello }');
    expect(data).toEqual({ hello: 'hello' });
    expect(headers.get('ratelimit-policy')).toBe(
      '"requests-3600";q=6;w=3600, "requests-600";q=5;w=600, "cost-60";q=150;w=60',
    );
    expect(headers.get('ratelimit')).toMatch(
      /^"requests-3600";r=5;t=3600, "requests-600";r=4;t=600, "cost-60";r=\d+;t=60$/,
    );
    expect(headers.get('access-control-expose-headers')).toBe(
      'x-request-id, sluice-position, ratelimit, ratelimit-policy, retry-after, age, etag, cache-status',
    );
  });

  it('refuses what is beyond a window before anything of it runs, and says when to come back', async () => {
    const gateway = await limited();
    const answers = await askTimes(6, () => gateway.from('203.0.113.1', '{ hello }'));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
    expect(gateway.runs()).toBe(5);
    const denied = answers[5]!;
    expect(denied.errors).toEqual([
      {
        message: expect.stringMatching(
          /^No more than 5 requests in 600 seconds \(anonymous\): ask again in \d+ seconds$/,
        ),
        extensions: { code: 'RATE_LIMITED' },
      },
    ]);
    expect(denied.data).toBeUndefined();
    expect(Number(denied.headers.get('retry-after'))).toBeGreaterThan(500);
    expect(denied.headers.get('ratelimit')).toMatch(/"requests-600";r=0;t=\d+/);
    // Others have budgets of their own, by address or by name.
    expect((await gateway.from('203.0.113.2', '{ hello }')).status).toBe(200);
    expect((await gateway.as('1', 'premium', '{ hello }')).status).toBe(200);
    const day = await gateway.as('1', 'premium', '{ hello }');
    expect(day.headers.get('ratelimit-policy')).toContain('"requests-86400";q=20;w=86400');
  });

  it('counts each operation of a batch, and what was refused for its text or its variables', async () => {
    const gateway = await limited();
    const faulty = [
      await gateway.from('203.0.113.1', '{ nonsense }'),
      await gateway.from('203.0.113.1', '{ hello'),
      await gateway.from('203.0.113.1', 'query ($n: Int!) { many(first: $n) { name } }'),
    ];
    for (const answer of faulty) expect(answer.headers.get('ratelimit')).toMatch(/"requests-600";r=\d/);
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': '203.0.113.1' },
      body: JSON.stringify(Array.from({ length: 4 }, () => ({ query: '{ hello }' }))),
    });
    const batch = (await response.json()) as Answer[];
    expect(batch.map(codesOf)).toEqual([[], [], ['RATE_LIMITED'], ['RATE_LIMITED']]);
    expect(gateway.runs()).toBe(2);
    expect((await gateway.from('203.0.113.1', '{ nonsense }')).status).toBe(429);
  });

  it('refuses an operation that costs too much by itself, and those that cost too much together', async () => {
    const gateway = await limited();
    const dear = await gateway.from('203.0.113.1', '{ a: dear b: dear }');
    expect(dear.status).toBe(400);
    expect(dear.errors).toMatchObject([
      {
        message: expect.stringMatching(/costs 180 points.*at most 100/),
        extensions: { code: 'COST_EXCEEDED' },
      },
    ]);
    expect(await askTimes(2, () => gateway.from('203.0.113.1', '{ dear }'))).toMatchObject([
      { status: 200 },
      { status: 429, errors: [{ message: expect.stringMatching(/^No more than 150 points in 60 seconds/) }] },
    ]);
    expect(gateway.runs()).toBe(1);
  });

  it('holds a field to its own limit by tier, whatever aliases it is asked under', async () => {
    const gateway = await limited();
    const ask = (count: number) =>
      `{ ${Array.from({ length: count }, (_, n) => `s${n}: search(text: "${n}")`).join(' ')} }`;
    expect(await gateway.from('203.0.113.1', ask(2))).toMatchObject({ status: 200 });
    const denied = await gateway.from('203.0.113.1', ask(2));
    expect(denied).toMatchObject({
      status: 429,
      errors: [
        {
          message: expect.stringMatching(/^No more than 3 times Query.search in 3600 seconds \(anonymous\)/),
        },
      ],
    });
    expect(await gateway.from('203.0.113.1', ask(1))).toMatchObject({ status: 200 });
    expect(gateway.runs()).toBe(3);
    expect(await gateway.as('1', 'premium', ask(5))).toMatchObject({ status: 200 });
    expect(await gateway.as('1', 'premium', ask(1))).toMatchObject({ status: 429 });
  });

  it('tells how budgets stand, in the API and beside an answer that asks for it', async () => {
    const gateway = await limited();
    const asked = await gateway.as(
      '7',
      'premium',
      '{ search(text: "x") rateLimit { tier cost maxOperationCost isDryRun budgets { name limit remaining windowSeconds resetSeconds } } }',
      { body: { extensions: { rateLimit: true } } },
    );
    const expected = {
      tier: 'premium',
      cost: expect.any(Number),
      maxOperationCost: 500,
      isDryRun: false,
      budgets: [
        { name: 'requests:86400', limit: 20, remaining: 19, windowSeconds: 86_400, resetSeconds: 86_400 },
        { name: 'cost:60', limit: 1_000, remaining: expect.any(Number), windowSeconds: 60, resetSeconds: 60 },
        {
          name: 'field:Query.search:3600',
          limit: 5,
          remaining: 4,
          windowSeconds: 3_600,
          resetSeconds: 3_600,
        },
      ],
    };
    expect(asked.data?.rateLimit).toEqual(expected);
    expect(asked.extensions).toEqual({ rateLimit: expected });
    expect(await gateway.as('7', 'premium', '{ hello }')).not.toHaveProperty('extensions');
  });

  it('blocks who overruns limits again and again, until staff lets them in', async () => {
    const gateway = await limited({ SLUICE_LIMITS_BLOCK_VIOLATIONS: '2' });
    const ask = () => gateway.from('203.0.113.1', '{ hello }');
    await askTimes(5, ask);
    // Once for each window that was overrun, however often.
    expect((await askTimes(3, ask)).map(codesOf)).toEqual([
      ['RATE_LIMITED'],
      ['RATE_LIMITED'],
      ['RATE_LIMITED'],
    ]);
    const fields = ['a', 'b', 'c', 'd'].map((alias) => `${alias}: search(text: "x")`);
    // Who has just been denied is not listened to for a moment.
    await until('the second violation', async () => {
      await gateway.from('203.0.113.1', `{ ${fields.join(' ')} }`);
      return codesOf(await ask())[0] === 'BLOCKED';
    });
    const list = '{ rateLimitBlocks { subject rules liftedBy } }';
    const lift = 'mutation ($who: String!) { liftRateLimitBlock(subject: $who) }';
    const variables = { who: 'address:203.0.113.1' };
    const blocked = await ask();
    expect(codesOf(blocked)).toEqual(['BLOCKED']);
    expect(Number(blocked.headers.get('retry-after'))).toBeGreaterThan(86_000);
    expect(codesOf(await gateway.ask(list))).toEqual(['UNAUTHENTICATED']);
    expect(codesOf(await gateway.as('1', 'premium', lift, { variables }))).toEqual(['FORBIDDEN']);
    const staff = (query: string, options = {}) => gateway.as('9', 'staff', query, options);
    expect((await staff(list)).data).toMatchObject({
      rateLimitBlocks: [{ subject: 'address:203.0.113.1', liftedBy: null }],
    });
    expect((await staff(lift, { variables })).data).toEqual({ liftRateLimitBlock: true });
    expect((await staff(list)).data).toMatchObject({ rateLimitBlocks: [{ liftedBy: 'viewer:9' }] });
    expect((await staff(lift, { variables: { who: 'nobody' } })).data).toEqual({ liftRateLimitBlock: false });
    expect(codesOf(await staff('{ rateLimitBlocks(first: 0) { subject } }'))).toEqual(['BAD_USER_INPUT']);
    await until('the lifted block to show', async () => codesOf(await ask())[0] === 'RATE_LIMITED');
  });

  it('does not read what callers send who would be denied whatever it is', async () => {
    const gateway = await limited();
    const [, , , , , denied] = await askTimes(6, () => gateway.from('203.0.113.1', '{ hello }'));
    const hammered = await Promise.all(
      Array.from({ length: 40 }, () => gateway.from('203.0.113.1', '{ nonsense', { variables: { a: 1 } })),
    );
    for (const { status, errors, headers } of hammered) {
      expect(status).toBe(429);
      expect(errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
      expect(headers.get('ratelimit-policy')).toBe(denied?.headers.get('ratelimit-policy'));
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(500);
    }
    // Each second one of them may be asked about again.
    const counted = ['memory', 'redis'].map((decider) =>
      readMetric(gateway, `sluice_limits_operations_total{outcome="limited",decider="${decider}"}`),
    );
    expect(Math.max(...(await Promise.all(counted)))).toBeLessThan(20);
    // A request of another caller, and one that costs too much for what is left, are looked at.
    expect((await gateway.from('203.0.113.2', '{ hello }')).status).toBe(200);
    expect((await askTimes(2, () => gateway.from('203.0.113.3', '{ dear }')))[1]?.status).toBe(429);
    expect((await gateway.from('203.0.113.3', '{ hello }')).status).toBe(200);
  });

  it('denies nobody in a dry run, and tells whom it would have denied', async () => {
    const gateway = await limited({ SLUICE_LIMITS: 'dry-run' });
    const answers = await askTimes(6, () => gateway.from('203.0.113.1', '{ hello }'));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
    expect(answers[5]?.headers.get('ratelimit')).toContain('"requests-600";r=0');
    await gateway.log.waitForLine(
      ({ msg, key }) => msg === 'Beyond its limits: would be refused' && key === 'address:203.0.113.1',
    );
    expect((await gateway.from('203.0.113.3', '{ a: dear b: dear }')).status).toBe(200);
    await gateway.log.waitForLine(({ msg }) =>
      String(msg).startsWith('Would be refused: The operation costs 180'),
    );
    expect(await readMetric(gateway, 'sluice_limits_dry_run_denials_total')).toBeGreaterThan(0);
  });
});

describe('Nodes that share a Redis', () => {
  it('share the budgets of a caller, at one call for each operation', async () => {
    const shared = { redisUrl: testRedisUrl(), place: randomUUID() };
    const [one, other] = await Promise.all([start({}, shared), start({}, shared)]);
    const answers: Answer[] = [];
    for (const node of [one, other, one, other, one, other]) {
      answers.push(await node.from('203.0.113.1', '{ hello search(text: "x") }'));
    }
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429, 429]);
    const calls = await Promise.all(
      [one, other].map((node) => readMetric(node, 'sluice_limits_redis_calls_total{outcome="answered"}')),
    );
    expect(calls).toEqual([3, 3]);
  });
});

describe('A gateway whose limits are off', () => {
  it('counts nobody and shows nothing', async () => {
    const gateway = await start({ SLUICE_LIMITS: 'off' });
    const answers = await askTimes(8, () => gateway.from('203.0.113.1', '{ hello rateLimit { cost } }'));
    for (const { data, headers } of answers) {
      expect(data).toEqual({ hello: 'hello', rateLimit: null });
      expect(headers.has('ratelimit')).toBe(false);
    }
    expect(codesOf(await gateway.as('9', 'staff', '{ rateLimitBlocks { subject } }'))).toEqual(['NOT_FOUND']);
  });
});
