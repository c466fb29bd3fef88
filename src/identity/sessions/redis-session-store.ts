import type { RedisClient } from '../../kernel/redis-client.js';
import { hashSessionId, parseSessionData } from './session-data.js';
import type { SessionData, SessionStore } from './session-store.js';

/** Sessions as keys of Redis that expire by themselves. `prefix` keeps tests apart. */
export class RedisSessionStore implements SessionStore {
  readonly kind = 'redis';

  constructor(
    private readonly redis: Pick<RedisClient, 'get' | 'set' | 'del'>,
    private readonly prefix = 'sluice:v1:session:',
  ) {}

  async find(id: string): Promise<SessionData | null> {
    const text = await this.redis.get(this.#key(id));
    return text === null ? null : parseSessionData(JSON.parse(text));
  }

  async put(id: string, data: SessionData, ttlSeconds: number): Promise<void> {
    await this.redis.set(this.#key(id), JSON.stringify(data), 'EX', ttlSeconds);
  }

  async remove(id: string): Promise<void> {
    await this.redis.del(this.#key(id));
  }

  async sweep(): Promise<number> {
    return 0;
  }

  #key(id: string): string {
    return this.prefix + hashSessionId(id).toString('base64url');
  }
}
