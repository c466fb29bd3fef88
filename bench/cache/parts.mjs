import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { measureHitRatio } from './parts/hit-ratio.mjs';
import { measureRedisKilled } from './parts/redis-killed.mjs';
import { measureStampede } from './parts/stampede.mjs';
import { measureVoiding } from './parts/voiding.mjs';

/** What is measured beside the cost of a hit. Each gives lines of what, what was asked for, what was measured. */
export const PARTS = [
  { id: 'hit-ratio', measure: measureHitRatio },
  { id: 'stampede', measure: measureStampede },
  { id: 'voiding', measure: measureVoiding },
  { id: 'redis-killed', measure: measureRedisKilled },
  { id: 'memory', measure: measureEntry },
];

/** In a process of its own, which can be told to collect its garbage. */
function measureEntry() {
  const script = fileURLToPath(new URL('parts/memory.mjs', import.meta.url));
  const { stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', script], { encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  const what = 'bytes of an entry beside its answer of 5 KB, with 40 tags';
  return [{ what, asked: '1,024', measured: Math.round(Number(stdout)).toLocaleString('en') }];
}
