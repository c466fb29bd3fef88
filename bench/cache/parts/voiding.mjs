import { createEntry } from '../../../dist/cache/responses/create-entry.js';
import { judgeEntry } from '../../../dist/cache/responses/judge-entry.js';
import { MemoryCacheStore } from '../../../dist/cache/stores/memory-cache-store.js';
import { AppliedLog } from '../../../dist/changes/node/applied-log.js';
import { median } from '../../harness/statistics.mjs';

const ENTRIES = 1_000_000;
const ROUNDS = 101;
const EPOCH = 'bench';
const POLICY = { maxAgeSeconds: 3_600, staleWhileRevalidateSeconds: 0, staleIfErrorSeconds: 0 };

/** From a change of a tag that a million entries carry until none of them is served. */
export function measureVoiding({ say }) {
  say(`voiding a tag of ${ENTRIES} entries`);
  const applied = new AppliedLog();
  applied.adopt(EPOCH);
  const store = new MemoryCacheStore({
    maxBytes: 16 * 1024 ** 3,
    maxVariants: ENTRIES,
    onEvict: () => undefined,
  });
  const body = Buffer.from('{}');
  for (let index = 0; index < ENTRIES; index++) {
    const answer = { body, stamp: applied.position, tags: ['Hot:1'], models: [], parts: [], policy: POLICY };
    store.set(`k${index}`, createEntry(answer, { nowMs: Date.now(), jitter: 0, random: 0 }), 'all');
  }
  const changes = {
    get position() {
      return applied.position;
    },
    isTrusted: () => true,
    isValid: (stamp, tags, models) => applied.isValid(stamp, tags, models),
  };
  const isServed = (index) => judgeEntry(store.find(`k${index}`), changes, Date.now()).kind === 'hit';
  const times = [];
  for (let round = 0; round < ROUNDS; round++) {
    const index = Math.floor((round / ROUNDS) * ENTRIES);
    if (round === 0 && !isServed(index)) throw new Error('It is void before it is voided.');
    const begin = performance.now();
    const id = round + 1;
    applied.apply({ id, prev: round, tags: ['Hot:1'], isHorizon: false, committedAtMs: Date.now() });
    const isVoid = !isServed(index);
    times.push(performance.now() - begin);
    if (!isVoid) throw new Error('It is served though it is void.');
  }
  for (let index = 0; index < ENTRIES; index += 9_973)
    if (isServed(index)) throw new Error('One is served though all are void.');
  const micros = median(times) * 1_000;
  return [
    {
      what: `voiding a tag that ${ENTRIES} entries carry`,
      asked: 'under 1 ms',
      measured: `${micros.toFixed(1)} µs`,
    },
  ];
}
