import { SluiceError } from '../kernel/sluice-error.js';
import type { CredentialCache } from './credential-cache.js';
import { ANONYMOUS, type Viewer } from './viewer.js';

/** The headers that say who asks, as Node gives them. */
export interface CredentialHeaders {
  readonly authorization?: string | undefined;
  readonly [API_KEY_HEADER]?: string | readonly string[] | undefined;
}

/** Tells who sent a request by its headers. */
export interface ViewerReader {
  /**
   * `ANONYMOUS`, at once, where there are no credentials. Credentials that don't hold are never taken for none.
   *
   * @throws SluiceError `UNAUTHENTICATED`, `IDENTITY_UNAVAILABLE`; `BAD_REQUEST` for credentials of two kinds
   */
  readViewer(headers: CredentialHeaders): Viewer | Promise<Viewer>;
}

export const API_KEY_HEADER = 'sluice-key';

/** What a `ViewerReader` checks credentials with. */
export interface ViewerReaderOptions {
  /** Null: no token is accepted. */
  readonly tokens: CredentialCache | null;
  /** Null: no API key is accepted. */
  readonly keys: CredentialCache | null;
  /** Told of each request with a key that holds. */
  onKeyUsed(text: string): void;
}

/** Longer headers are refused unread; a token of ours has about 250 characters. */
const MAX_TOKEN_CHARACTERS = 8192;
const SCHEME = 'Bearer ';

/** Reads bearer tokens (RFC 6750) and API keys. */
export function createViewerReader(options: ViewerReaderOptions): ViewerReader {
  const { tokens, keys, onKeyUsed } = options;

  function readToken(authorization: string): Viewer | Promise<Viewer> {
    const token = readBearer(authorization);
    const known = tokens?.find(token);
    if (known) return known;
    if (!isTokenLike(token)) throw refusal('The Authorization header must read "Bearer <token>"');
    if (tokens === null)
      throw refusal(
        'This server accepts no tokens: it has neither SLUICE_IDENTITY_JWT_SECRET nor a public key to check them with',
      );
    return tokens.verify(token);
  }

  function readKey(key: string | readonly string[]): Viewer | Promise<Viewer> {
    if (typeof key !== 'string') throw refusal('There is more than one Sluice-Key header');
    if (keys === null)
      throw refusal("This server accepts no API keys: its database lacks Sluice's tables for them");
    const known = keys.find(key);
    if (known !== null) return noteUse(key, known);
    return keys.verify(key).then((viewer) => noteUse(key, viewer));
  }

  function noteUse(key: string, viewer: Viewer): Viewer {
    onKeyUsed(key);
    return viewer;
  }

  return {
    readViewer(headers) {
      const { authorization, [API_KEY_HEADER]: key } = headers;
      if (key === undefined) return authorization === undefined ? ANONYMOUS : readToken(authorization);
      if (authorization === undefined) return readKey(key);
      throw new SluiceError(
        'BAD_REQUEST',
        'The request has both an Authorization and a Sluice-Key header: send the one that says who asks',
      );
    },
  };
}

/** What follows the scheme, whose name may be in any case; empty for another scheme. */
function readBearer(authorization: string): string {
  const isBearer =
    authorization.startsWith(SCHEME) || authorization.slice(0, SCHEME.length).toLowerCase() === 'bearer ';
  return isBearer ? authorization.slice(SCHEME.length).trim() : '';
}

function isTokenLike(token: string): boolean {
  return token.length <= MAX_TOKEN_CHARACTERS && /^[A-Za-z0-9_.~+/=-]+$/.test(token);
}

function refusal(message: string): SluiceError {
  return new SluiceError('UNAUTHENTICATED', message);
}
