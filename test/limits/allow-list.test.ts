import { AllowList, findBlockSubject } from '../../src/limits/blocks/allow-list.js';

const stranger = { key: 'address:203.0.113.7', address: '203.0.113.7', isLoopback: false };
const user = { key: 'user:42', address: '198.51.100.1', isLoopback: false };

describe('who may be blocked', () => {
  it('is the caller, by its key', () => {
    const nobody = new AllowList();
    expect(findBlockSubject(user, nobody)).toBe('user:42');
    expect(findBlockSubject(stranger, nobody)).toBe('address:203.0.113.7');
  });

  it('is never loopback', () => {
    expect(findBlockSubject({ ...stranger, isLoopback: true }, new AllowList())).toBeNull();
  });

  it('is never whom the list names by key, address or range', () => {
    for (const entry of [
      'address:203.0.113.7',
      '203.0.113.7',
      '203.0.113.0/24',
      '::ffff:203.0.113.7',
      '0.0.0.0/0',
    ]) {
      expect([entry, findBlockSubject(stranger, new AllowList([entry]))]).toEqual([entry, null]);
    }
    const others = new AllowList(['user:4', '203.0.113.8', '203.0.112.0/24', '2001:db8::/32', 'user/42']);
    expect(findBlockSubject(stranger, others)).toBe(stranger.key);
    expect(findBlockSubject(user, others)).toBe(user.key);
    expect(findBlockSubject(user, new AllowList(['user:42']))).toBeNull();
  });

  it('knows IPv6, also where an address stands for all of its network', () => {
    const list = new AllowList(['2001:db8:1:2::/64', 'fd00::1']);
    const from = (address: string): string | null =>
      findBlockSubject({ key: 'k', address, isLoopback: false }, list);
    expect(from('2001:db8:1:2::9')).toBeNull();
    expect(from('2001:db8:1:2::/64')).toBeNull();
    expect(from('fd00::1')).toBeNull();
    expect(from('2001:db8:1:3::9')).toBe('k');
    expect(from('203.0.113.7')).toBe('k');
    expect(from('no address')).toBe('k');
  });

  it('can’t be told by a range that is none', () => {
    expect(() => new AllowList(['10.0.0.0/33'])).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});
