import { redactPassword } from '../../src/kernel/config/redact-value.js';
import { readRedisUrl } from '../../src/kernel/config/redis-url.js';

describe('the URL of a Redis', () => {
  it('names a server, one behind sentinels, or a cluster', () => {
    expect(readRedisUrl('redis://me:secret@host:1/2')).toEqual({
      kind: 'server',
      url: 'redis://me:secret@host:1/2',
    });
    expect(
      readRedisUrl('rediss+sentinel://me:s%40e@one/main/3?nodes=two:1,[::1]:2&sentinelPassword=x'),
    ).toEqual({
      kind: 'sentinel',
      nodes: [
        { host: 'one', port: 26_379 },
        { host: 'two', port: 1 },
        { host: '::1', port: 2 },
      ],
      ...{ username: 'me', password: 's@e', isTls: true, master: 'main', db: 3, sentinelPassword: 'x' },
    });
    expect(readRedisUrl('redis+cluster://one:7000?nodes=two')).toEqual({
      kind: 'cluster',
      nodes: [
        { host: 'one', port: 7000 },
        { host: 'two', port: 6_379 },
      ],
      ...{ username: undefined, password: undefined, isTls: false },
    });
  });

  it.each([
    ...['one:6379', 'http://one', 'redis+cluster://', 'redis+cluster://one/0', 'redis+other://one'],
    ...['redis+sentinel://one', 'redis+sentinel://one/main/x', 'redis+sentinel://one/main/0/1'],
    ...['redis+cluster://one?nodes=a:b', 'redis+cluster://one?nodes=:1', ''],
  ])('is none where it reads %j', (text) => {
    expect(readRedisUrl(text)).toBeNull();
  });

  it('is shown without its passwords', () => {
    const shown = redactPassword('redis+sentinel://me:secret@one/main?sentinelPassword=hidden&nodes=two');
    expect(shown).toBe('redis+sentinel://me:***@one/main?sentinelPassword=***&nodes=two');
  });
});
