import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { type SmallGateway, startSmallGateway } from './small-gateway.js';

/** GETs over a connection that is kept, as a load balancer's probe does. */
function probe(
  gateway: SmallGateway,
  path: string,
  agent: Agent,
): Promise<{ status?: number; body: string; connection?: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${gateway.url}${path}`, { agent }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode, body, connection: response.headers.connection }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

function canConnect(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

describe('Shutting down', () => {
  it('answers what is in flight, is not ready meanwhile, and takes nothing new', async () => {
    const gateway = await startSmallGateway();
    // Two connections that stay busy: one for probes, one with another request pipelined behind.
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const inFlight = gateway.ask('{ wait }');
    await gateway.world.waiting;
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    const received: string[] = [];
    const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.on('data', (chunk) => received.push(String(chunk)));
    await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
    // Half a request keeps the connection from being idle.
    socket.write('GET /readyz HTTP/1.1\r\nHost: x\r\n');
    expect((await probe(gateway, '/readyz', agent)).status).toBe(200);

    const closed = gateway.close();
    socket.write('\r\n');
    await ended;
    expect(received.join('')).toMatch(/^HTTP\/1\.1 503 /);
    expect(received.join('')).toMatch(/connection: close/i);
    expect(received.join('')).toContain('"status":"shutting down"');
    expect(await canConnect(gateway.url)).toBe(false);

    gateway.world.release();
    const answer = await inFlight;
    expect(answer.data).toEqual({ wait: 'waited' });
    expect(answer.headers.get('connection')).toBe('close');
    await closed;
    agent.destroy();
  });

  it('refuses further operations on connections that were open before', async () => {
    const gateway = await startSmallGateway();
    const inFlight = gateway.ask('{ wait }');
    await gateway.world.waiting;
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    const received: string[] = [];
    const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.on('data', (chunk) => received.push(String(chunk)));
    await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
    socket.write('GET /graphql?query=%7Brows%7D HTTP/1.1\r\nHost: x\r\n');
    await probe(gateway, '/livez', new Agent());
    const closed = gateway.close();
    socket.write('\r\n');
    await ended;
    expect(received.join('')).toMatch(/^HTTP\/1\.1 503 /);
    expect(received.join('')).toContain('"code":"SHUTTING_DOWN"');
    gateway.world.release();
    await inFlight;
    await closed;
  });

  it('cuts what does not finish in time', async () => {
    const gateway = await startSmallGateway({ SLUICE_HTTP_SHUTDOWN_TIMEOUT_MS: '50' });
    const cut = expect(gateway.ask('{ wait }')).rejects.toThrow();
    await gateway.world.waiting;
    await gateway.close();
    await cut;
    expect(gateway.log.lines.map(({ msg }) => msg).join()).toContain('did not finish within 50 ms');
    gateway.world.release();
  });

  it('does not wait for connections that nobody uses', async () => {
    const gateway = await startSmallGateway();
    const agent = new Agent({ keepAlive: true });
    await probe(gateway, '/livez', agent);
    await gateway.close();
    agent.destroy();
    expect(gateway.log.lines.some(({ msg }) => String(msg).includes('were cut'))).toBe(false);
  });

  it('may be asked for twice', async () => {
    const gateway = await startSmallGateway();
    await Promise.all([gateway.close(), gateway.close()]);
    await gateway.close();
  });
});
