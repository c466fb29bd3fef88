import {
  MAX_WARM_OPERATIONS,
  readWarmOperation,
  type WarmOperation,
} from '../../cache/warming/warm-operation.js';
import type { Warmer } from '../../cache/warming/warmer.js';
import type { Config } from '../../kernel/config/config.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import type { Logger } from '../../telemetry/logger.js';
import type { WarmingQuery } from '../app-definition.js';

/**
 * Fills the cache before anybody can ask, within the configured time: by the app's list, then by what was asked most.
 *
 * @throws SluiceError `CONFIG_INVALID` for an operation of the app's that can't be
 */
export async function warmAtStart(
  warmer: Warmer,
  listed: readonly WarmingQuery[],
  { warmRecorded, warmTimeoutMs }: Config['cache'],
  log: Logger,
): Promise<void> {
  const own = readListed(listed);
  if (warmTimeoutMs === 0 || (own.length === 0 && warmRecorded === 0)) return;
  const begin = performance.now();
  const signal = AbortSignal.timeout(warmTimeoutMs);
  const late = new Promise<null>((resolve) => {
    signal.addEventListener('abort', () => resolve(null), { once: true });
  });
  const all = [...own, ...(await warmer.listAsked(warmRecorded, warmTimeoutMs))];
  if (all.length === 0) return;
  const report = await Promise.race([warmer.warm(all, signal), late]);
  const durationMs = Math.round(performance.now() - begin);
  if (report === null) {
    log.warn(
      `The cache is not filled after ${durationMs} ms (SLUICE_CACHE_WARM_TIMEOUT_MS); serving as it is`,
    );
    return;
  }
  const { kept, present, refused } = report;
  log.info({ kept, present, refused: refused.length, durationMs }, 'The cache was filled');
  for (const refusal of refused) log.debug(refusal, 'Not kept');
}

function readListed(listed: readonly WarmingQuery[]): readonly WarmOperation[] {
  if (listed.length > MAX_WARM_OPERATIONS) {
    const message = `The app's cacheWarming has ${listed.length} operations, of at most ${MAX_WARM_OPERATIONS}`;
    throw new SluiceError('CONFIG_INVALID', message);
  }
  return listed.map((each, index) => {
    const operation = readWarmOperation(each);
    if (typeof operation !== 'string') return operation;
    throw new SluiceError('CONFIG_INVALID', `The app's cacheWarming[${index}] can't be: ${operation}`);
  });
}
