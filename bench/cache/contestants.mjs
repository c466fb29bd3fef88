const BOTH = ['list', 'detail'];
const ALL = [...BOTH, 'revenue'];
/** All entries of one operation but one leave memory, so that Redis has to answer. */
/** Longer than the server waits for its turn on a core that it is to keep busy: what is measured is the hit. */
const PATIENT = { SLUICE_CHANGES_MAX_LAG_MS: '2000' };
const NO_MEMORY = { ...PATIENT, SLUICE_CACHE_MAX_VARIANTS: '1' };
/** Counted in the process. */
const IN_MEMORY = { ...PATIENT, SLUICE_CACHE_REDIS_URL: '' };

/**
 * Who is measured; `asked` is the ratio to the limit that is wanted at least. Not mercurius-cache on Redis: it keeps fields as
 * JSON, which Prisma's decimals don't survive, so that its second answer fails.
 */
export const CONTESTANTS = [
  {
    id: 'memory-post',
    title: 'Sluice, hit in memory, POST, limits in memory',
    file: 'sluice',
    settings: { env: IN_MEMORY },
    method: 'POST',
    isSignedIn: true,
    workloads: ALL,
    asked: 0.72,
  },
  {
    id: 'memory-get',
    title: 'Sluice, hit in memory, GET, limits in memory',
    file: 'sluice',
    settings: { env: IN_MEMORY },
    method: 'GET',
    isSignedIn: true,
    workloads: BOTH,
    asked: 0.8,
  },
  {
    id: 'redis-limits',
    title: 'Sluice, hit in memory, limits on Redis, 1,000 callers',
    file: 'sluice',
    settings: { env: PATIENT },
    redis: true,
    method: 'POST',
    isSignedIn: true,
    callers: 1_000,
    workloads: BOTH,
    asked: 0.62,
  },
  {
    id: 'redis-only',
    title: 'Sluice, hit from Redis, limits off',
    file: 'sluice',
    settings: { env: { ...NO_MEMORY, SLUICE_LIMITS: 'off' } },
    redis: true,
    method: 'POST',
    isSignedIn: true,
    workloads: ['detail'],
    asked: 0.45,
  },
  {
    id: 'uncached',
    title: 'Sluice, computed each time',
    file: 'sluice',
    settings: { env: { SLUICE_CACHE: 'off' } },
    method: 'POST',
    isSignedIn: true,
    workloads: ALL,
  },
  {
    id: 'apollo-memory',
    title: 'Apollo, response-cache plugin, memory',
    file: 'apollo',
    settings: {},
    method: 'POST',
    workloads: BOTH,
  },
  {
    id: 'apollo-redis',
    title: 'Apollo, response-cache plugin, Redis',
    file: 'apollo',
    settings: {},
    redis: true,
    method: 'POST',
    workloads: BOTH,
  },
  {
    id: 'yoga-redis',
    title: 'Yoga, response cache, Redis',
    file: 'yoga',
    settings: {},
    redis: true,
    method: 'POST',
    workloads: BOTH,
  },
];
