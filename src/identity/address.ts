import ipaddr from 'ipaddr.js';

/** Where a request comes from, in the form in which callers are told apart. */
export interface Address {
  /** An IPv4 address, or the /64 that an IPv6 address lies in; `unknown` where there is none. */
  readonly text: string;
  readonly isLoopback: boolean;
}

const UNKNOWN: Address = Object.freeze({ text: 'unknown', isLoopback: false });

/**
 * Reads an address as sockets and proxies write it. An IPv6 address stands for its /64, which is the least that
 * providers give one subscriber (RFC 6177): within it a caller may take another address for each request. Null for what
 * is no address.
 */
export function parseAddress(text: string | undefined): Address | null {
  if (text === undefined || text.length > MAX_CHARACTERS) return null;
  // `fe80::1%eth0`: the zone is this machine's own name for a link.
  const [bare = ''] = text.split('%');
  if (ipaddr.IPv4.isValidFourPartDecimal(bare)) return describe(ipaddr.IPv4.parse(bare));
  if (!ipaddr.IPv6.isValid(bare)) return null;
  const address = ipaddr.IPv6.parse(bare);
  // One machine must not be two callers because a socket listens on both families.
  return describe(address.isIPv4MappedAddress() ? address.toIPv4Address() : address);
}

/** As `parseAddress`, with an address of its own for what has none. */
export function readAddress(text: string | undefined): Address {
  return parseAddress(text) ?? UNKNOWN;
}

/** The longest IPv6 address with a zone's name of 32 characters. */
const MAX_CHARACTERS = 80;
const PREFIX_PARTS = 4;

function describe(address: ipaddr.IPv4 | ipaddr.IPv6): Address {
  const isLoopback = address.range() === 'loopback';
  return Object.freeze({ text: isLoopback ? address.toString() : nameOf(address), isLoopback });
}

function nameOf(address: ipaddr.IPv4 | ipaddr.IPv6): string {
  if (address instanceof ipaddr.IPv4) return address.toString();
  const parts = address.parts.map((part, index) => (index < PREFIX_PARTS ? part : 0));
  return `${new ipaddr.IPv6(parts).toString()}/64`;
}
