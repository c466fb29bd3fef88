import { createServer } from 'node:net';

const LOWEST_PORT = 15_000;
// Outgoing connections take their ports from 32768 up (Linux) or 49152 up (macOS): a server that comes back to
// its port after a restart must not find such a connection there.
const HIGHEST_PORT = 32_000;
const ATTEMPTS = 200;

/** A port of this machine that nobody listens on: `preferred` if it is free, else one by chance. */
export async function findFreePort(preferred: number | null = null): Promise<number> {
  if (preferred !== null && (await isPortFree(preferred))) return preferred;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = LOWEST_PORT + Math.floor(Math.random() * (HIGHEST_PORT - LOWEST_PORT));
    if (await isPortFree(port)) return port;
  }
  throw new Error(`No port between ${LOWEST_PORT} and ${HIGHEST_PORT} is free.`);
}

/** Whether a server could listen on this port of 127.0.0.1 now. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
