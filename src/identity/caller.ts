import { BoundedCache } from '../kernel/bounded-cache.js';
import { type Address, parseAddress, readAddress } from './address.js';
import { ANONYMOUS, type Viewer } from './viewer.js';

/** Who asks and from where. Frozen. */
export interface Caller {
  readonly viewer: Viewer;
  /** An IPv4 address, or the /64 of an IPv6 one; `unknown` where a request came over something else. */
  readonly address: string;
  /** From this very machine. */
  readonly isLoopback: boolean;
  /** What budgets are kept under: `viewer:<id>` for known viewers, `address:<address>` for all others. */
  readonly key: string;
}

/** As much of a request as says where it comes from. */
export interface RequestOrigin {
  /** The client's, as far as trusted proxies tell; else the socket's. */
  readonly ip: string | undefined;
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/** Addresses in memory; each takes about 300 bytes. */
const MAX_ADDRESSES = 10_000;

/** Names callers. An address is parsed once while it is in use; those who are nobody share one object for it. */
export class Callers {
  readonly #anonymous = new BoundedCache<Caller>({ maxEntries: MAX_ADDRESSES, maxWeight: MAX_ADDRESSES });
  /** Where each viewer came from last: they mostly stay there. */
  readonly #known = new WeakMap<Viewer, Caller>();

  find(viewer: Viewer, origin: RequestOrigin): Caller {
    const anonymous = this.#findAnonymous(origin);
    if (viewer.id === null) return anonymous;
    const { address, isLoopback } = anonymous;
    const known = this.#known.get(viewer);
    if (known?.address === address && known.isLoopback === isLoopback) return known;
    const caller = Object.freeze({ viewer, address, isLoopback, key: `viewer:${viewer.id}` });
    this.#known.set(viewer, caller);
    return caller;
  }

  #findAnonymous({ ip, socket }: RequestOrigin): Caller {
    const text = ip ?? '';
    const known = this.#anonymous.get(text);
    if (known !== undefined) return known;
    const address = parseAddress(ip);
    // A proxy that passes on nonsense is itself the caller; under the nonsense anyone could be anybody.
    if (address === null) return createAnonymous(readAddress(socket.remoteAddress));
    const caller = createAnonymous(address);
    this.#anonymous.set(text, caller, { weight: 1, ttlMs: null });
    return caller;
  }
}

function createAnonymous({ text, isLoopback }: Address): Caller {
  return Object.freeze({ viewer: ANONYMOUS, address: text, isLoopback, key: `address:${text}` });
}
