import type { IncomingHttpHeaders } from 'node:http';
import type { Position } from '../../changes/position.js';
import type { PositionTokens } from '../../changes/position-tokens.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import type { ChangesMetrics } from '../../telemetry/metrics.js';

/** Of an answer: where in the change log its writes stand. Of a request: what it is to see. */
export const POSITION_HEADER = 'sluice-position';

/**
 * The position that a request names. Null where it names none, or where nobody follows changes.
 *
 * A token that is none of ours is refused, not ignored: its client would take what it reads for up to date.
 *
 * @throws SluiceError `POSITION_INVALID`
 */
export function readPosition(
  headers: IncomingHttpHeaders,
  tokens: PositionTokens | null,
  metrics: ChangesMetrics,
): Position | null {
  const token = headers[POSITION_HEADER];
  if (typeof token !== 'string' || tokens === null) return null;
  const position = tokens.read(token);
  if (position !== null) return position;
  metrics.positionWaits.inc({ outcome: 'refused' });
  throw new SluiceError(
    'POSITION_INVALID',
    'The Sluice-Position header holds no position of this database; send the one of your last write, or none',
  );
}
