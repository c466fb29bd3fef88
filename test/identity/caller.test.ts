import { Callers } from '../../src/identity/caller.js';
import { ANONYMOUS } from '../../src/identity/viewer.js';

const from = (ip: string | undefined, remoteAddress = '192.0.2.1') => ({ ip, socket: { remoteAddress } });
const known = { id: 'u1', tier: 'premium', scopes: [], isAuthenticated: true };

describe('A caller', () => {
  it('who has signed in is known by that, wherever from', () => {
    const callers = new Callers();
    expect(callers.find(known, from('2001:db8::1'))).toEqual({
      viewer: known,
      address: '2001:db8::/64',
      isLoopback: false,
      key: 'viewer:u1',
    });
    expect(callers.find(known, from('127.0.0.1'))).toMatchObject({ key: 'viewer:u1', isLoopback: true });
  });

  it('who has not is known by address, and is the same object each time', () => {
    const callers = new Callers();
    const caller = callers.find(ANONYMOUS, from('::ffff:192.0.2.9'));
    expect(caller).toEqual({
      viewer: ANONYMOUS,
      address: '192.0.2.9',
      isLoopback: false,
      key: 'address:192.0.2.9',
    });
    expect(callers.find(ANONYMOUS, from('::ffff:192.0.2.9'))).toBe(caller);
    expect(Object.isFrozen(caller) && Object.isFrozen(callers.find(known, from('1.2.3.4')))).toBe(true);
  });

  it('can not choose a key of somebody else by an id that looks like an address', () => {
    const callers = new Callers();
    const named = callers.find({ ...known, id: '192.0.2.9' }, from('192.0.2.9'));
    expect(named.key).not.toBe(callers.find(ANONYMOUS, from('192.0.2.9')).key);
  });

  it('behind a proxy that passes on nonsense is that proxy, and without any address unknown', () => {
    const callers = new Callers();
    for (const ip of ['nonsense', '', undefined])
      expect(callers.find(ANONYMOUS, from(ip)).key).toBe('address:192.0.2.1');
    expect(callers.find(ANONYMOUS, { ip: undefined, socket: {} }).key).toBe('address:unknown');
  });
});
