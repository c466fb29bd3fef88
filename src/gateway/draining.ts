import type { FastifyInstance } from 'fastify';
import { SluiceError } from '../kernel/sluice-error.js';

/** The way down: what has begun is finished, nothing new is begun. */
export interface Draining {
  isDraining(): boolean;
  /**
   * Turns `/readyz` to 503, stops accepting connections, and resolves once every request in flight is answered
   * or, after `timeoutMs`, cut. To be called once.
   */
  drain(timeoutMs: number): Promise<void>;
}

const OPERATOR_ROUTES: ReadonlySet<string | undefined> = new Set(['/livez', '/readyz', '/metrics']);

/** To be called before routes are registered. */
export function registerDraining(server: FastifyInstance): Draining {
  let isDraining = false;

  server.addHook('onRequest', (request, _reply, done) => {
    // On a connection that was open before; probes go on being answered, to tell that this is on purpose.
    if (isDraining && !OPERATOR_ROUTES.has(request.routeOptions.url)) {
      done(new SluiceError('SHUTTING_DOWN', 'This server is shutting down; ask another one'));
      return;
    }
    done();
  });
  server.addHook('onSend', (_request, reply, payload, done) => {
    if (isDraining) void reply.header('connection', 'close');
    done(null, payload);
  });
  server.addHook('onResponse', (_request, _reply, done) => {
    // A response whose headers were out before draining began keeps its connection, idle from now on.
    if (isDraining) setImmediate(() => server.server.closeIdleConnections());
    done();
  });

  return {
    isDraining: () => isDraining,
    async drain(timeoutMs) {
      isDraining = true;
      const timer = setTimeout(() => {
        server.log.warn(`Requests were cut: they did not finish within ${timeoutMs} ms of shutting down`);
        server.server.closeAllConnections();
      }, timeoutMs);
      try {
        await server.close();
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
