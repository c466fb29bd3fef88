import { until } from '../../embedded/until.js';
import type { CachingNode } from '../caching/cached-zoo.js';
import { signedIn } from '../caching/cached-zoo.js';
import { type JobZoo, listen, openJobZoo } from './job-zoo.js';

let world: JobZoo;
let node: CachingNode;
let other: CachingNode;
beforeAll(async () => {
  world = await openJobZoo();
  node = await world.openNode();
  // Asks, and leaves the work to the first.
  other = await world.openNode({ SLUICE_JOBS_WORKER: 'off' });
}, 60_000);
afterAll(() => world.close());

const HERD =
  '{ herd { id state progress attempts isOutdated computedAt error { code message } result { count first { name } } } }';
const runsOf = (name: string) => world.hands.runs.get(name) ?? 0;

async function herd(at = node): Promise<any> {
  const { body } = await at.ask(HERD);
  expect(body.errors).toBeUndefined();
  return body.data.herd;
}

async function addAnimal(): Promise<void> {
  await world.zoo.client.query(
    "INSERT INTO zoo.animals (name, taxon_id, is_on_show, carer_id) SELECT 'Newcomer ' || gen_random_uuid(), taxon_id, true, carer_id FROM zoo.animals LIMIT 1",
  );
}

/** Closed until it is called. */
function closeGate(): () => void {
  let open = () => {};
  world.hands.gate = new Promise((resolve) => {
    open = resolve;
  });
  return () => open();
}

describe('a field with @offload', () => {
  it('is given in the first answer, where the job is quick enough', async () => {
    const job = await herd();
    const { rows } = await world.zoo.client.query('SELECT count(*)::int AS count FROM zoo.animals');
    expect(job).toMatchObject({ state: 'COMPLETED', progress: 1, isOutdated: false, error: null });
    expect(job.result.count).toBe(rows[0].count);
    expect(typeof job.result.first.name).toBe('string');
  });

  it('is kept like other answers, on every node, with the tags of what the job has read', async () => {
    await until('an answer from the cache', async () => (await node.ask(HERD)).cache.startsWith('hit'));
    const runs = runsOf('herd');
    expect((await herd(other)).result).toEqual((await herd()).result);
    expect(runsOf('herd')).toBe(runs);
  });

  it('is computed anew once something has changed that it reads', async () => {
    const before = await herd();
    await addAnimal();
    await until(
      'the newcomer is counted',
      async () => (await herd(other)).result.count === before.result.count + 1,
    );
    expect((await herd()).isOutdated).toBe(false);
  });

  it('is one job for all who ask at once, on any node', async () => {
    const query = '{ herd(taxonId: 1) { id state result { count } } }';
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? node : other).ask(query)),
    );
    expect(new Set(answers.map(({ body }) => body.data.herd.id)).size).toBe(1);
    expect(new Set(answers.map(({ body }) => body.data.herd.result.count)).size).toBe(1);
    const jobs = await node.ask('{ jobs(queue: "analytics") { id } }', {
      headers: await signedIn('1', 'staff'),
    });
    const [{ body }] = answers as [(typeof answers)[0]];
    expect(jobs.body.data.jobs.filter(({ id }: any) => id === body.data.herd.id)).toHaveLength(1);
  });

  it('differs by its arguments', async () => {
    const { body } = await node.ask(
      '{ a: herd(taxonId: 1) { id } b: herd(taxonId: 2) { id } c: herd { id } }',
    );
    expect(new Set(Object.values(body.data).map((job: any) => job.id)).size).toBe(3);
  });

  it('gives the job as it stands where that takes longer, and the last good result with it, marked as old', async () => {
    const query = '{ gated(key: "a") { id state progress isOutdated computedAt result { count } } }';
    const open = closeGate();
    const first = (await node.ask(query)).body.data.gated;
    expect(first).toMatchObject({ isOutdated: false, computedAt: null, result: null });
    await until('a worker is at it', async () => (await node.ask(query)).body.data.gated.progress === 0.25);
    open();
    await until('it is done', async () => (await node.ask(query)).body.data.gated.state === 'COMPLETED');
    const done = (await node.ask(query)).body.data.gated;
    const openAgain = closeGate();
    await world.zoo.client.query(
      "UPDATE zoo.animals SET name = name || '!' WHERE id = (SELECT min(id) FROM zoo.animals)",
    );
    await until('it runs again', async () => (await node.ask(query)).body.data.gated.state === 'ACTIVE');
    const old = (await node.ask(query)).body.data.gated;
    expect(old).toMatchObject({
      id: first.id,
      isOutdated: true,
      computedAt: done.computedAt,
      result: done.result,
    });
    openAgain();
    await until('it is fresh', async () => !(await node.ask(query)).body.data.gated.isOutdated);
  });

  it('runs once more for all that changes while it runs, not once per change', async () => {
    const query = '{ gated(key: "changes") { state isOutdated result { count } } }';
    const open = closeGate();
    await node.ask(query);
    await until('it runs', async () => runsOf('gated changes') === 1);
    const { count } = (await herd()).result;
    for (let change = 0; change < 5; change++) await addAnimal();
    await until('the node knows of all', async () => (await herd()).result.count === count + 5);
    open();
    await until('it is fresh', async () => {
      const { gated } = (await node.ask(query)).body.data;
      return gated.state === 'COMPLETED' && !gated.isOutdated;
    });
    expect(runsOf('gated changes')).toBe(2);
  });

  it('counts as outdated where nobody can know, and says so in the log', async () => {
    const query = '{ untold { state isOutdated result { count } } }';
    expect((await node.ask(query)).body.data.untold).toMatchObject({ isOutdated: true });
    expect(node.log.lines.some((line) => String(line.msg).includes('name the models in `reads`'))).toBe(true);
  });
});

describe('whose a result is', () => {
  const MINE = '{ mine { id result { note } } }';

  it('is told to the code of a private field alone, which runs for each viewer', async () => {
    const one = await node.ask(MINE, { headers: await signedIn('1') });
    const two = await node.ask(MINE, { headers: await signedIn('2') });
    expect([one, two].map(({ body }) => body.data.mine.result.note)).toEqual(['for 1', 'for 2']);
    expect(one.body.data.mine.id).not.toBe(two.body.data.mine.id);
    const secret = await node.ask('{ secret { result { note } } }', {
      headers: await signedIn('1', 'staff'),
    });
    expect(secret.body.data.secret.result.note).toBe('null');
  });

  it('needs somebody', async () => {
    const { body } = await node.ask(MINE);
    expect(body.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  it('hides the job from all others: job, cancelJob, retryJob and jobUpdated know nothing of it', async () => {
    const { id } = (await node.ask(MINE, { headers: await signedIn('1') })).body.data.mine;
    const ask = async (viewer: string | null, tier?: string) => {
      const headers = viewer === null ? {} : await signedIn(viewer, tier);
      const { body } = await other.ask(
        'query ($id: ID!) { job(id: $id) { id ... on HerdJob { result { note } } } }',
        {
          variables: { id },
          headers,
        },
      );
      return body.data.job;
    };
    expect(await ask('1')).toEqual({ id, result: { note: 'for 1' } });
    expect(await ask('boss', 'staff')).toEqual({ id, result: { note: 'for 1' } });
    expect([await ask('2'), await ask(null)]).toEqual([null, null]);
    expect(
      await listen(other, 'subscription ($id: ID!) { jobUpdated(id: $id) { id } }', { variables: { id } }),
    ).toEqual([]);
    const stranger = await signedIn('2');
    for (const change of ['cancelJob', 'retryJob']) {
      const { body } = await other.ask(`mutation ($id: ID!) { ${change}(id: $id) { id } }`, {
        variables: { id },
        headers: stranger,
      });
      expect(body).toMatchObject({ data: { [change]: null } });
    }
  });

  it('is as the field says: who may not select it may not see its job', async () => {
    const staff = await signedIn('boss', 'staff');
    const { id } = (await node.ask('{ secret { id } }', { headers: staff })).body.data.secret;
    const ask = async (headers: Record<string, string>) =>
      (await node.ask('query ($id: ID!) { job(id: $id) { id } }', { variables: { id }, headers })).body.data
        .job;
    expect([await ask(await signedIn('1')), await ask(staff)]).toEqual([null, { id }]);
  });

  it.each([
    '',
    'x',
    Buffer.from('Job:nowhere').toString('base64url'),
    Buffer.from('Job:["analytics"]').toString('base64url'),
    Buffer.from('Job:["nowhere","x"]').toString('base64url'),
  ])('is nobody’s where the id is none: %p', async (id) => {
    const { body } = await node.ask('query ($id: ID!) { job(id: $id) { id } }', { variables: { id } });
    expect(body).toEqual({ data: { job: null } });
  });
});

describe('a job that fails', () => {
  const ask = async (how: string, headers = {}) =>
    (
      await node.ask(
        `{ broken(how: "${how}") { id state isOutdated result { count } error { code message } } }`,
        { headers },
      )
    ).body.data.broken;

  it('says why where that was foreseen, and is not tried again', async () => {
    expect(await ask('foreseen')).toMatchObject({
      state: 'FAILED',
      result: null,
      error: { code: 'BAD_USER_INPUT', message: 'how is not how' },
    });
  });

  it.each(['async', 'at once'])('keeps what a defect says (%s) for staff', async (how) => {
    const failed = await ask(how);
    expect(failed).toMatchObject({
      state: 'FAILED',
      error: { code: 'INTERNAL_SERVER_ERROR', message: 'The job failed' },
    });
    expect((await ask(how, await signedIn('boss', 'staff'))).error.message).toBe('the password is 12345');
  });

  it('is left alone for a while, however often it is asked for', async () => {
    const runs = runsOf('broken async');
    for (let time = 0; time < 3; time++) await ask('async');
    expect(runsOf('broken async')).toBe(runs);
  });

  it('is run again by staff', async () => {
    const staff = await signedIn('boss', 'staff');
    const { id } = await ask('at once');
    const retry = 'mutation ($id: ID!) { retryJob(id: $id) { state } }';
    expect((await node.ask(retry, { variables: { id } })).body.errors).toMatchObject([
      { message: expect.stringContaining('only staff'), extensions: { code: 'FORBIDDEN' } },
    ]);
    const runs = runsOf('broken at once');
    await node.ask(retry, { variables: { id }, headers: staff });
    await until('it ran again', async () => runsOf('broken at once') === runs + 1);
  });
});

describe('calling a job off', () => {
  const QUERY = '{ gated(key: "off") { id state } }';

  it('ends one that runs, wherever it does, and a further request begins it anew', async () => {
    const open = closeGate();
    const staff = await signedIn('boss', 'staff');
    const { id } = (await node.ask(QUERY)).body.data.gated;
    await until('it runs', async () => runsOf('gated off') === 1);
    const cancelled = await other.ask('mutation ($id: ID!) { cancelJob(id: $id) { state } }', {
      variables: { id },
      headers: staff,
    });
    expect(cancelled.body).toEqual({ data: { cancelJob: { state: 'CANCELLED' } } });
    const stateOf = async () =>
      (
        await other.ask('query ($id: ID!) { job(id: $id) { state error { code } } }', {
          variables: { id },
          headers: staff,
        })
      ).body.data.job;
    await until('its worker has let go', async () => (await stateOf()).error?.code === 'CANCELLED');
    open();
    await until('it is done', async () => (await node.ask(QUERY)).body.data.gated.state === 'COMPLETED');
    expect(runsOf('gated off')).toBe(2);
  });
});

describe('lists of jobs', () => {
  it('are for staff', async () => {
    for (const field of ['jobs { id }', 'jobQueues { name }']) {
      const { body } = await node.ask(`{ ${field} }`, { headers: await signedIn('1') });
      expect(body.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
      expect((await node.ask(`{ ${field} }`)).body.errors).toMatchObject([
        { extensions: { code: 'UNAUTHENTICATED' } },
      ]);
    }
  });

  it('tell of queues and states, newest first, and of what no field asks for', async () => {
    const headers = await signedIn('boss', 'staff');
    const { body } = await node.ask(
      '{ jobs(states: [FAILED], first: 2) { state error { message } } jobQueues { name failed completed } all: jobs { __typename ... on BackgroundJob { name queue } } }',
      { headers },
    );
    expect(body.errors).toBeUndefined();
    expect(body.data.jobs.map(({ state }: any) => state)).toEqual(['FAILED', 'FAILED']);
    expect(body.data.jobQueues.map(({ name }: any) => name)).toEqual([
      'analytics',
      'catalog',
      'orders',
      'maintenance',
      'default',
    ]);
    expect(body.data.jobQueues.find(({ name }: any) => name === 'orders').failed).toBe(3);
    expect(body.data.all.some(({ name }: any) => name === 'sluice-trim')).toBe(true);
  });

  it.each([
    [
      'queue: "analytcs"',
      'queue is "analytcs", of analytics, catalog, orders, maintenance, default (did you mean "analytics"?)',
    ],
    ['first: 0', 'first must lie between 1 and 1000'],
  ])('refuse %s', async (argument, message) => {
    const { body } = await node.ask(`{ jobs(${argument}) { id } }`, {
      headers: await signedIn('boss', 'staff'),
    });
    expect(body.errors).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});
