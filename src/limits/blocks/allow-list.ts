import ipaddr from 'ipaddr.js';
import { SluiceError } from '../../kernel/sluice-error.js';

/** Who asks, as far as blocks go. */
export interface BlockableCaller {
  /** Whose budgets: the key of a known caller; for an anonymous one it stands for the address. */
  readonly key: string;
  /** An IP address, or a network such as `2001:db8:1:2::/64` that counts as one. */
  readonly address: string;
  readonly isLoopback: boolean;
}

/** Callers who are never blocked: keys such as `viewer:42`, addresses, ranges such as `10.0.0.0/8`. */
export class AllowList {
  readonly #keys: ReadonlySet<string>;
  readonly #ranges: readonly (readonly [ipaddr.IPv4 | ipaddr.IPv6, number])[];

  /** @throws SluiceError `CONFIG_INVALID` for a range that is none */
  constructor(entries: readonly string[] = []) {
    const ranges = entries.flatMap((entry) => {
      const range = parseRange(entry);
      return range === null ? [] : [{ entry, range }];
    });
    this.#ranges = ranges.map(({ range }) => range);
    const isRange = new Set(ranges.map(({ entry }) => entry));
    this.#keys = new Set(entries.filter((entry) => !isRange.has(entry)));
  }

  names({ key, address }: BlockableCaller): boolean {
    if (this.#keys.has(key)) return true;
    const single = address.split('/')[0] ?? '';
    if (this.#ranges.length === 0 || !ipaddr.isValid(single)) return false;
    const place = ipaddr.process(single);
    return this.#ranges.some((range) => place.kind() === range[0].kind() && place.match(range[0], range[1]));
  }
}

/** Whom the violations of a caller's operations count against: never loopback, never one on the list. */
export function findBlockSubject(caller: BlockableCaller, allowed: AllowList): string | null {
  return caller.isLoopback || allowed.names(caller) ? null : caller.key;
}

/** Null: it isn't an address or a range, but a key. */
function parseRange(entry: string): [ipaddr.IPv4 | ipaddr.IPv6, number] | null {
  if (ipaddr.isValid(entry)) {
    const address = ipaddr.process(entry);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  }
  const slash = entry.lastIndexOf('/');
  if (slash < 0 || !ipaddr.isValid(entry.slice(0, slash))) return null;
  try {
    return ipaddr.parseCIDR(entry);
  } catch (cause) {
    throw new SluiceError('CONFIG_INVALID', `"${entry}" in the allow-list is not a range of addresses`, {
      cause,
    });
  }
}
