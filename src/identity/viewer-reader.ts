import { errors, jwtVerify } from 'jose';
import { type Clock, systemClock } from '../kernel/clock.js';
import { SluiceError } from '../kernel/sluice-error.js';
import { ANONYMOUS, type Viewer } from './viewer.js';
import { viewerFromClaims } from './viewer-from-claims.js';

/** Tells who sent a request by its `Authorization` header. */
export interface ViewerReader {
  /**
   * `ANONYMOUS`, at once, where there is no such header. Credentials that don't hold are never taken for none.
   *
   * @throws SluiceError `UNAUTHENTICATED` for any other header than one valid bearer token
   */
  readViewer(authorization: string | undefined): Viewer | Promise<Viewer>;
}

/** Machines' clocks differ a little: a token counts as valid this long after it expired. */
const CLOCK_TOLERANCE_SECONDS = 5;
/** Longer headers are refused unread; a token of ours has about 250 characters. */
const MAX_TOKEN_CHARACTERS = 8192;

/**
 * Reads bearer tokens signed with HS256 (RFC 6750, RFC 7519). `sub` and `exp` are required; `tier` and `scope`
 * are optional. `secret` null: no token is accepted.
 */
export function createViewerReader(options: {
  readonly secret: string | null;
  readonly clock?: Clock;
}): ViewerReader {
  const key = options.secret === null ? null : new TextEncoder().encode(options.secret);
  const clock = options.clock ?? systemClock;

  async function verify(authorization: string): Promise<Viewer> {
    const token = parseBearer(authorization);
    if (key === null) {
      throw unauthenticated('This server accepts no tokens: it has no SLUICE_IDENTITY_JWT_SECRET');
    }
    try {
      const { payload } = await jwtVerify(token, key, {
        // Named, not taken from the token: its header must not choose how it is checked.
        algorithms: ['HS256'],
        requiredClaims: ['sub', 'exp'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: new Date(clock.nowMs()),
      });
      return viewerFromClaims(payload);
    } catch (error) {
      if (error instanceof errors.JOSEError) throw unauthenticated(explainRefusal(error), error);
      throw error;
    }
  }

  return {
    readViewer: (authorization) => (authorization === undefined ? ANONYMOUS : verify(authorization)),
  };
}

function parseBearer(authorization: string): string {
  const token = /^Bearer +([A-Za-z0-9_.~+/=-]+)$/i.exec(authorization.trim())?.[1];
  if (token === undefined || token.length > MAX_TOKEN_CHARACTERS) {
    throw unauthenticated('The Authorization header must read "Bearer <token>"');
  }
  return token;
}

function explainRefusal(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'The token has expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    return error.reason === 'missing'
      ? `The token lacks the claim "${error.claim}"`
      : `The token's claim "${error.claim}" does not hold`;
  }
  // Which of signature, algorithm or form is wrong helps those who forge more than those who err.
  return 'The token is not valid';
}

function unauthenticated(message: string, cause?: unknown): SluiceError {
  return new SluiceError('UNAUTHENTICATED', message, { cause });
}
