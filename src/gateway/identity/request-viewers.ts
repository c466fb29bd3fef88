import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Viewer } from '../../identity/viewer.js';
import { API_KEY_HEADER, type ViewerReader } from '../../identity/viewer-reader.js';
import type { CookieSessions } from './cookie-sessions.js';

/** As much of sessions as this needs. */
export type SessionReader = Pick<CookieSessions, 'findCookie' | 'readViewer'>;

/** Tells who sent a request: by its headers, or where those don't say, by the session of its browser. */
export function createRequestViewers(viewers: ViewerReader, sessions: SessionReader | null): RequestViewers {
  return (request, reply) => {
    const { headers } = request;
    // What a program states counts more than what a browser adds by itself.
    const isStated = headers.authorization !== undefined || headers[API_KEY_HEADER] !== undefined;
    if (sessions !== null && !isStated && headers.cookie !== undefined) {
      const cookie = sessions.findCookie(headers.cookie);
      if (cookie !== null) return sessions.readViewer(cookie, request, reply);
    }
    return viewers.readViewer(headers);
  };
}

/** At once where nothing has to be asked. @throws SluiceError for credentials that don't hold */
export type RequestViewers = (request: FastifyRequest, reply: FastifyReply) => Viewer | Promise<Viewer>;
