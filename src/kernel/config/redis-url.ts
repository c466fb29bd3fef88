/** One server of several. */
export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

/** Where a Redis is, as its URL says it. */
export type RedisPlace =
  | { readonly kind: 'server'; readonly url: string }
  | (Group & {
      readonly kind: 'sentinel';
      /** The name that sentinels know the servers by. */
      readonly master: string;
      readonly db: number;
      readonly sentinelPassword: string | undefined;
    })
  | (Group & { readonly kind: 'cluster' });

interface Group {
  /** The others are learned from them. */
  readonly nodes: readonly RedisNode[];
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly isTls: boolean;
}

export const EXPECTED_REDIS_URL =
  'redis://host:6379, redis+sentinel://host:26379/<master>?nodes=host:26379, or redis+cluster://host:6379?nodes=host:6379; rediss for TLS';

const PORTS = { sentinel: 26_379, cluster: 6_379 } as const;
const GROUP = /^rediss?\+(sentinel|cluster):$/;

/** Null: it says nothing that can be connected to. */
export function readRedisUrl(text: string): RedisPlace | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol === 'redis:' || url.protocol === 'rediss:') return { kind: 'server', url: text };
  const kind = GROUP.exec(url.protocol)?.[1];
  if (kind !== 'sentinel' && kind !== 'cluster') return null;
  const nodes = readNodes(url, PORTS[kind]);
  if (nodes === null) return null;
  const group: Group = {
    nodes,
    username: decodeURIComponent(url.username) || undefined,
    password: decodeURIComponent(url.password) || undefined,
    isTls: url.protocol.startsWith('rediss'),
  };
  const [master = '', db = '0', ...more] = url.pathname.split('/').slice(1);
  // A cluster has one database, and no name.
  if (kind === 'cluster') return master === '' && more.length === 0 ? { kind, ...group } : null;
  if (master === '' || more.length > 0 || !/^\d{1,5}$/.test(db)) return null;
  const sentinelPassword = url.searchParams.get('sentinelPassword') ?? undefined;
  return { kind, ...group, master: decodeURIComponent(master), db: Number(db), sentinelPassword };
}

/** The one of the URL, and those of its `nodes`; null where one of them is none. */
function readNodes(url: URL, port: number): readonly RedisNode[] | null {
  const named = url.searchParams
    .getAll('nodes')
    .flatMap((list) => list.split(','))
    .filter((name) => name !== '');
  const nodes: RedisNode[] = [];
  for (const name of [url.host, ...named]) {
    if (!URL.canParse(`redis://${name}`)) return null;
    const { hostname, port: own } = new URL(`redis://${name}`);
    if (hostname === '') return null;
    nodes.push({ host: hostname.replace(/^\[|\]$/g, ''), port: own === '' ? port : Number(own) });
  }
  return nodes;
}
