import { Cluster, Command, type Redis } from 'ioredis';

/** The way to the server that has a key, as far as the client tells of it. */
export interface RedisLink {
  readonly isReady: boolean;
  /** Differs from an earlier one if commands may go to another server than they did then. */
  readonly connection: number;
  /** Stops listening to the client. */
  close(): void;
}

/** Follows a client's connections: Sentinel and plain Redis reconnect, a cluster may hand a slot to another node. */
export function followRedis(client: Redis | Cluster, key: string): RedisLink {
  return client instanceof Cluster ? followCluster(client, key) : followServer(client);
}

function followServer(client: Redis): RedisLink {
  let connection = 0;
  const count = (): void => {
    connection++;
  };
  client.on('close', count);
  return {
    get isReady() {
      return client.status === 'ready';
    },
    get connection() {
      return connection;
    },
    close: () => void client.off('close', count),
  };
}

function followCluster(client: Cluster, key: string): RedisLink {
  const slot = new Command('get', [key]).getSlot();
  let connection = 0;
  let master = client.slots[slot]?.[0];
  const count = (): void => {
    connection++;
  };
  const watch = (node: Redis): void => {
    node.on('close', count);
  };
  for (const node of client.nodes()) watch(node);
  client.on('+node', watch);
  return {
    get isReady() {
      return client.status === 'ready';
    },
    get connection() {
      // No event tells of a redirection.
      const now = client.slots[slot]?.[0];
      if (now !== master) connection++;
      master = now;
      return connection;
    },
    close: () => {
      client.off('+node', watch);
      for (const node of client.nodes()) node.off('close', count);
    },
  };
}
