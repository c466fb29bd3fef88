import cookie from '@fastify/cookie';
import session from '@fastify/session';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { SessionStore } from '../../identity/sessions/session-store.js';
import type { SessionViewers } from '../../identity/sessions/session-viewers.js';
import type { SignIn } from '../../identity/sign-in.js';
import type { Viewer } from '../../identity/viewer.js';
import type { Clock } from '../../kernel/clock.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import { adaptSessionStore } from './session-adapter.js';

export interface CookieSessionsOptions {
  readonly store: SessionStore;
  readonly viewers: SessionViewers;
  /** Cookies are signed with it. */
  readonly secret: string;
  readonly ttlSeconds: number;
  /** Whether the cookie is for HTTPS only; a browser takes the name `__Host-sluice` with that only. */
  readonly isSecure: boolean;
  readonly clock: Clock;
}

const COOKIE_NAME = '__Host-sluice';
/** Over plain HTTP, which browsers let have no `__Host-` cookies. */
const INSECURE_COOKIE_NAME = 'sluice';

/** Browsers' sessions, known by a cookie. */
export class CookieSessions {
  readonly #options: CookieSessionsOptions;
  readonly #scope: FastifyInstance;
  readonly #name: string;
  readonly #attributes;

  private constructor(scope: FastifyInstance, options: CookieSessionsOptions) {
    this.#options = options;
    this.#scope = scope;
    this.#name = options.isSecure ? COOKIE_NAME : INSECURE_COOKIE_NAME;
    this.#attributes = { path: '/', httpOnly: true, secure: options.isSecure, sameSite: 'lax' } as const;
  }

  static async open(server: FastifyInstance, options: CookieSessionsOptions): Promise<CookieSessions> {
    let sessions: CookieSessions | null = null;
    // In a scope without routes: the plugins' hooks would make a session, with hash and signature, for every request,
    // also for those that send no cookie. Here a session is made for whoever has one or signs in.
    await server.register(async (scope) => {
      await scope.register(cookie, { hook: false });
      await scope.register(session, {
        secret: options.secret,
        store: adaptSessionStore(options.store, options.ttlSeconds),
        cookie: { maxAge: options.ttlSeconds * 1000 },
        saveUninitialized: false,
      });
      sessions = new CookieSessions(scope, options);
    });
    if (sessions === null) throw new Error('Fastify did not run the plugin');
    return sessions;
  }

  /** What the session's cookie holds; null where a request has none. */
  findCookie(header: string): string | null {
    if (!header.includes(`${this.#name}=`)) return null;
    return this.#scope.parseCookie(header)[this.#name] ?? null;
  }

  /**
   * Who has signed in. A session that has ended is told once, not taken for nobody's: its cookie goes with the refusal.
   *
   * @throws SluiceError `UNAUTHENTICATED`, `IDENTITY_UNAVAILABLE`
   */
  async readViewer(value: string, request: FastifyRequest, reply: FastifyReply): Promise<Viewer> {
    await this.#restore(value, request);
    const { viewerId } = request.session;
    const viewer = viewerId === undefined ? null : await this.#findViewer(viewerId);
    if (viewer !== null) return viewer;
    if (viewerId !== undefined) await this.#ask(() => request.session.destroy());
    this.#clearCookie(reply);
    throw new SluiceError('UNAUTHENTICATED', 'The session has ended: sign in again');
  }

  /** For the resolvers of one request. */
  createSignIn(request: FastifyRequest, reply: FastifyReply): SignIn {
    return {
      signIn: ({ id }) => this.#signIn(id, request, reply),
      signOut: () => this.#signOut(request, reply),
    };
  }

  async #signIn(id: string, request: FastifyRequest, reply: FastifyReply): Promise<Viewer> {
    const viewer = await this.#findViewer(id);
    if (viewer === null) throw new SluiceError('UNAUTHENTICATED', `There is nobody with the id "${id}"`);
    await this.#restore(this.findCookie(request.headers.cookie ?? '') ?? '', request);
    // Another id: whoever made the browser begin with one of theirs must not share what follows (session fixation).
    await this.#ask(() => request.session.regenerate());
    request.session.viewerId = id;
    request.session.signedInAtMs = this.#options.clock.nowMs();
    await this.#ask(() => request.session.save());
    this.#setCookie(reply, request.session.encryptedSessionId, this.#options.ttlSeconds);
    return viewer;
  }

  async #signOut(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const value = this.findCookie(request.headers.cookie ?? '');
    if (value === null) return;
    await this.#restore(value, request);
    await this.#ask(() => request.session.destroy());
    this.#clearCookie(reply);
  }

  /** Sets `request.session`: to the one that a cookie names, else to a new one, which nobody has signed in to. */
  async #restore(value: string, request: FastifyRequest): Promise<void> {
    await this.#ask(
      () =>
        new Promise<void>((resolve, reject) => {
          this.#scope.decryptSession(value, request, (error) => (error ? reject(error) : resolve()));
        }),
    );
  }

  #findViewer(id: string): Promise<Viewer | null> {
    return this.#ask(() => this.#options.viewers.find(id));
  }

  async #ask<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    try {
      return await ask();
    } catch (cause) {
      if (cause instanceof SluiceError) throw cause;
      throw new SluiceError(
        'IDENTITY_UNAVAILABLE',
        'Who has signed in can not be found out at present: where sessions or viewers are kept does not answer',
        { cause },
      );
    }
  }

  #clearCookie(reply: FastifyReply): void {
    this.#setCookie(reply, '', 0);
  }

  #setCookie(reply: FastifyReply, value: string, maxAge: number): void {
    const text = this.#scope.serializeCookie(this.#name, value, { ...this.#attributes, maxAge });
    void reply.header('set-cookie', text);
  }
}
