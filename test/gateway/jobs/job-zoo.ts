import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import type { AppDefinition } from '../../../src/gateway/app-definition.js';
import type { JobDefinition, JobRun } from '../../../src/jobs/job-definition.js';
import { badUserInput } from '../../../src/kernel/sluice-error.js';
import { testRedisUrl } from '../../services/database.js';
import { type CachedZoo, type CachingNode, openCachedZoo } from '../caching/cached-zoo.js';

const JOB_FIELDS = `id: ID! state: JobState! progress: Float! secondsLeft: Int attempts: Int! startedAt: DateTime
  finishedAt: DateTime computedAt: DateTime isOutdated: Boolean! error: JobFailure`;

const SDL = /* GraphQL */ `
  type Query {
    animals: [Animal!]! @model @cacheControl(maxAge: 60)
    herd(taxonId: Int): HerdJob @offload(waitMs: 10000) @cacheControl(maxAge: 60)
    gated(key: String!): HerdJob @offload(queue: "catalog") @cacheControl(maxAge: 60)
    mine: HerdJob @offload(waitMs: 10000) @cacheControl(maxAge: 60, scope: PRIVATE)
    secret: HerdJob @offload(waitMs: 10000) @requiresTier(tier: "staff")
    untold: HerdJob @offload(waitMs: 10000) @cacheControl(maxAge: 60)
    broken(how: String!): HerdJob @offload(queue: "orders", waitMs: 10000)
  }
  type Mutation { nothing: Int }
  type Subscription { flood(events: Int!, characters: Int!): String! }
  type Animal @cacheControl(inheritMaxAge: true) { id: ID! name: String! }
  type Herd @cacheControl(inheritMaxAge: true) { count: Int! note: String first: Animal }
  type HerdJob implements Job @cacheControl(inheritMaxAge: true) { ${JOB_FIELDS} result: Herd }
`;

/** What tests hold on to: how often jobs ran, and the gate that some wait at. */
export interface JobHands {
  readonly runs: Map<string, number>;
  /** Events that were taken from \`Subscription.flood\`. */
  flooded: number;
  gate: Promise<void>;
}

function createJobs(hands: JobHands): readonly JobDefinition[] {
  const count = (name: string) => hands.runs.set(name, (hands.runs.get(name) ?? 0) + 1);
  const countAnimals = async (job: JobRun, taxonId: number | null = null) => {
    const [row] = await job.sql<{ count: number; first: number }>(
      'SELECT count(*)::int AS count, min(id)::int AS first FROM zoo.animals WHERE $1::int IS NULL OR taxon_id = $1',
      [taxonId],
    );
    return { count: row!.count, first: row!.first === null ? null : { id: row!.first } };
  };
  return [
    {
      name: 'Query.herd',
      reads: ['Animal'],
      run: (args: { taxonId?: number }, job: JobRun) => {
        count('herd');
        return countAnimals(job, args.taxonId ?? null);
      },
    },
    {
      name: 'Query.gated',
      reads: ['Animal'],
      async run({ key }: { key: string }, job: JobRun) {
        count(`gated ${key}`);
        const found = await countAnimals(job);
        job.progress(1, 4);
        await Promise.race([
          hands.gate,
          new Promise((resolve) => job.signal.addEventListener('abort', resolve)),
        ]);
        return found;
      },
    },
    {
      name: 'Query.mine',
      reads: ['Animal'],
      async run(_args: object, job: JobRun) {
        count('mine');
        return { ...(await countAnimals(job)), note: `for ${job.viewer?.id}` };
      },
    },
    {
      name: 'Query.secret',
      reads: ['Animal'],
      run: async (_args: object, job: JobRun) => ({ ...(await countAnimals(job)), note: String(job.viewer) }),
    },
    {
      name: 'Query.untold',
      run: (_args: object, job: JobRun) => {
        count('untold');
        return countAnimals(job);
      },
    },
    {
      name: 'Query.broken',
      attempts: 1,
      reads: ['Animal'],
      run: ({ how }: { how: string }) => {
        count(`broken ${how}`);
        if (how === 'foreseen') throw badUserInput(['how'], 'is not how');
        if (how === 'async') return Promise.reject(new Error('the password is 12345'));
        throw new Error('the password is 12345');
      },
    },
    { name: 'tidy', queue: 'maintenance', run: async () => ({ tidied: 3 }) },
  ];
}

export interface JobZoo {
  readonly zoo: CachedZoo;
  readonly hands: JobHands;
  /** Nodes share Redis; each works jobs off unless told otherwise. */
  openNode(env?: Record<string, string>): Promise<CachingNode>;
  close(): Promise<void>;
}

/** The API and code of such a zoo. */
export function createJobZooApp(hands: JobHands): { readonly sdl: string; readonly app: AppDefinition } {
  return {
    sdl: SDL,
    app: {
      jobs: createJobs(hands),
      resolvers: { Mutation: { nothing: () => 1 }, Subscription: { flood: createFlood(hands) } },
    },
  };
}

/** Events as fast as they are taken, each with its number in front. */
function createFlood(hands: JobHands) {
  return {
    async *subscribe(_root: unknown, { events, characters }: { events: number; characters: number }) {
      const text = 'x'.repeat(characters);
      for (let n = 0; n < events; n++) {
        hands.flooded = n + 1;
        yield `${n} ${text}`;
      }
    },
  };
}

export async function openJobZoo(): Promise<JobZoo> {
  const hands: JobHands = { runs: new Map(), flooded: 0, gate: Promise.resolve() };
  const zoo = await openCachedZoo(createJobZooApp(hands));
  return {
    zoo,
    hands,
    openNode: (env = {}) => zoo.openNode(testRedisUrl(), { SLUICE_JOBS: 'on', ...env }),
    close: () => zoo.close(),
  };
}

/** What a subscriber is told, until it ends. */
export async function listen(
  node: CachingNode,
  query: string,
  {
    variables,
    headers = {},
  }: { readonly variables?: Record<string, unknown>; readonly headers?: object } = {},
): Promise<any[]> {
  const client = createClient({
    url: `${node.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { ...headers },
  });
  const told: unknown[] = [];
  try {
    for await (const event of client.iterate({ query, variables })) told.push(event);
    return told;
  } finally {
    await client.dispose();
  }
}
