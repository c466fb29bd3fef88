import { once } from 'node:events';
import { createServer } from 'node:net';
import { findFreePort, isPortFree } from '../../src/embedded/free-port.js';

describe('findFreePort', () => {
  it('finds a port that can be listened on, below those of outgoing connections', async () => {
    const port = await findFreePort();
    expect(port).toBeGreaterThanOrEqual(15_000);
    expect(port).toBeLessThan(32_768);
    expect(await isPortFree(port)).toBe(true);
  });

  it('keeps to the preferred port as long as nobody else has it', async () => {
    const preferred = await findFreePort();
    expect(await findFreePort(preferred)).toBe(preferred);
    const server = createServer().listen(preferred, '127.0.0.1');
    await once(server, 'listening');
    expect(await isPortFree(preferred)).toBe(false);
    expect(await findFreePort(preferred)).not.toBe(preferred);
    server.close();
  });
});
