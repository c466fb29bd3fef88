import type { FastifySessionOptions } from '@fastify/session';
import type { SessionStore } from '../../identity/sessions/session-store.js';

declare module 'fastify' {
  interface Session {
    viewerId?: string;
    signedInAtMs?: number;
  }
}

type FastifyStore = NonNullable<FastifySessionOptions['store']>;
type Loaded = Parameters<Parameters<FastifyStore['get']>[1]>[1];

/** A session store as @fastify/session calls it. Only sessions that somebody has signed in to are kept. */
export function adaptSessionStore(store: SessionStore, ttlSeconds: number): FastifyStore {
  return {
    get(id, done) {
      // The cookie's attributes are the configuration's, so none are kept.
      store.find(id).then((data) => done(null, data as Loaded), done);
    },
    set(id, { viewerId, signedInAtMs }, done) {
      if (viewerId === undefined || signedInAtMs === undefined) done();
      else store.put(id, { viewerId, signedInAtMs }, ttlSeconds).then(() => done(), done);
    },
    destroy(id, done) {
      store.remove(id).then(() => done(), done);
    },
  };
}
