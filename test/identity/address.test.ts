import fc from 'fast-check';
import { parseAddress, readAddress } from '../../src/identity/address.js';

describe('An address', () => {
  it('is itself where it is IPv4, also where it is written as IPv6', () => {
    expect(parseAddress('203.0.113.7')).toEqual({ text: '203.0.113.7', isLoopback: false });
    for (const text of ['::ffff:203.0.113.7', '::FFFF:cb00:7107']) {
      expect(parseAddress(text)?.text).toBe('203.0.113.7');
    }
  });

  it('is its /64 where it is IPv6, in one spelling', () => {
    for (const text of [
      '2001:db8:1:2::1',
      '2001:DB8:1:2:ffff:ffff:ffff:ffff',
      '2001:0db8:0001:0002:0:0:0:9',
      '2001:db8:1:2::1%eth0',
    ]) {
      expect(parseAddress(text)).toEqual({ text: '2001:db8:1:2::/64', isLoopback: false });
    }
    expect(parseAddress('2001:db8:1:3::1')?.text).toBe('2001:db8:1:3::/64');
  });

  it('is one for all of a /64, and another for each of two', () => {
    const part = fc.integer({ min: 0, max: 0xffff });
    const half = fc.tuple(part, part, part, part);
    const write = (parts: readonly number[]) => parts.map((each) => each.toString(16)).join(':');
    fc.assert(
      fc.property(half, half, half, (network, one, other) => {
        // 0::/64 holds the loopback and IPv4, which are told apart.
        fc.pre(network.some((each) => each !== 0));
        const [a, b] = [one, other].map((host) => parseAddress(write([...network, ...host])));
        expect(a).toEqual(b);
        const next = [network[0] ^ 1, ...network.slice(1)];
        if (next.some((each) => each !== 0))
          expect(parseAddress(write([...next, ...one]))?.text).not.toBe(a?.text);
      }),
    );
  });

  it('is known for the own machine', () => {
    for (const text of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])
      expect(parseAddress(text)?.isLoopback).toBe(true);
    for (const text of ['10.0.0.1', '::2', '128.0.0.1', '::ffff:1.2.3.4'])
      expect(parseAddress(text)?.isLoopback).toBe(false);
    expect(parseAddress('::1')?.text).toBe('::1');
  });

  it('is none where it is nonsense, also where other programs read that as an address', () => {
    for (const text of [
      '',
      'unknown',
      '1.2.3',
      '0x7f.1',
      '2130706433',
      '1.2.3.4:80',
      '[::1]',
      '1.2.3.4, 5.6.7.8',
      '::1\n',
      'a'.repeat(100_000),
      undefined,
    ]) {
      expect([text?.slice(0, 20), parseAddress(text)]).toEqual([text?.slice(0, 20), null]);
    }
    expect(readAddress(undefined)).toEqual({ text: 'unknown', isLoopback: false });
  });
});
