// Stands between a server and PostgreSQL and counts the statements that are sent. Used while answers are compared,
// never while time is taken.
import net from 'node:net';

/** @returns {Promise<{ url: string, count(): number, close(): void }>} */
export async function startCountingProxy(databaseUrl) {
  const target = new URL(databaseUrl);
  let statements = 0;
  const sockets = new Set();
  const proxy = net.createServer({ noDelay: true }, (client) => {
    const upstream = net.connect({ port: Number(target.port), host: target.hostname, noDelay: true });
    const counter = new StatementCounter();
    client.on('data', (chunk) => {
      statements += counter.read(chunk);
    });
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      // Either side may go first when a server is ended.
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
  });
  await new Promise((resolve, reject) => {
    proxy.once('error', reject);
    proxy.listen(0, '127.0.0.1', resolve);
  });
  const url = new URL(databaseUrl);
  url.port = String(proxy.address().port);
  return {
    url: url.href,
    count: () => statements,
    close: () => {
      proxy.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

const SIMPLE_QUERY = 'Q'.charCodeAt(0);
const EXECUTE = 'E'.charCodeAt(0);

/**
 * Follows what a client says in PostgreSQL's protocol 3 and counts what makes the server work: simple queries and
 * executions of prepared statements. BEGIN and SET count as any other.
 */
export class StatementCounter {
  #rest = Buffer.alloc(0);
  #isStarted = false;

  read(chunk) {
    let statements = 0;
    let data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      // The first message has no type, only a length.
      const typeBytes = this.#isStarted ? 1 : 0;
      if (data.length < typeBytes + 4) break;
      const bytes = typeBytes + data.readUInt32BE(typeBytes);
      if (data.length < bytes) break;
      if (this.#isStarted && (data[0] === SIMPLE_QUERY || data[0] === EXECUTE)) statements++;
      this.#isStarted = true;
      data = data.subarray(bytes);
    }
    this.#rest = data;
    return statements;
  }
}
