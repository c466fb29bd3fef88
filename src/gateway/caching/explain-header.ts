import type { IncomingHttpHeaders } from 'node:http';
import { isStaff } from '../../identity/requirement.js';
import type { Tiers } from '../../identity/tiers.js';
import type { Viewer } from '../../identity/viewer.js';
import type { Config } from '../../kernel/config/config.js';
import { SluiceError } from '../../kernel/sluice-error.js';

export const EXPLAIN_HEADER = 'sluice-explain';

/** Decides who is told what the cache knows: staff, and in development everyone. */
export class ExplainRight {
  constructor(
    private readonly env: Config['env'],
    private readonly tiers: Tiers,
  ) {}

  /** Whether a request wants to be told. @throws SluiceError `FORBIDDEN`, `BAD_USER_INPUT` */
  isAsked(headers: IncomingHttpHeaders, viewer: Viewer): boolean {
    const asked = headers[EXPLAIN_HEADER];
    if (asked === undefined || asked === '0') return false;
    if (asked !== '1') {
      throw new SluiceError('BAD_REQUEST', `The header ${EXPLAIN_HEADER} is "1" or "0"`);
    }
    if (this.env === 'development' || isStaff(viewer, this.tiers)) return true;
    throw new SluiceError('FORBIDDEN', 'What the cache knows is told to staff');
  }
}
