import type { DatabaseService, RedisService } from '../open-services.js';

/** What the process that watches tells one that serves. */
export type ToServer =
  | {
      readonly kind: 'serve';
      readonly database: Omit<DatabaseService, 'ended' | 'explain'>;
      readonly redis: RedisService;
      /** Of the first one: when everything began, and how the page stands. */
      readonly announce: {
        readonly startedInMs: number;
        readonly graphiql: 'ready' | 'being built' | null;
      } | null;
    }
  | { readonly kind: 'stop' };

/** What a process that serves tells the one that watches. */
export type FromServer =
  /** It listens to messages; what was sent before is lost. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'listening'; readonly url: string }
  /** It has told people why. */
  | { readonly kind: 'failed' };
