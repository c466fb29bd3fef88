import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../telemetry/metrics.js';
import { checkReadiness, type ReadinessCheck } from './readiness.js';

/** What the routes for operators tell. */
export interface OperatorRouteParts {
  readonly checks: readonly ReadinessCheck[];
  readonly readinessTimeoutMs: number;
  readonly metrics: Metrics;
  /** Sets what is measured only when someone looks; within the same time as checks. */
  readGauges(): Promise<void>;
  isDraining(): boolean;
}

/** `/livez`: the process answers. `/readyz`: it can serve. `/metrics`: for Prometheus. */
export function registerOperatorRoutes(server: FastifyInstance, parts: OperatorRouteParts): void {
  const config = { quiet: true };

  server.get('/livez', { config }, async (_request, reply) => {
    void reply.header('cache-control', 'no-store');
    return { status: 'alive' };
  });

  server.get('/readyz', { config }, async (_request, reply) => {
    void reply.header('cache-control', 'no-store');
    if (parts.isDraining()) return reply.code(503).send({ status: 'shutting down', checks: {} });
    const report = await checkReadiness(parts.checks, parts.readinessTimeoutMs);
    return reply.code(report.status === 'unready' ? 503 : 200).send(report);
  });

  server.get('/metrics', { config }, async (_request, reply) => {
    const { registry } = parts.metrics;
    await endWithin(parts.readGauges(), parts.readinessTimeoutMs);
    return reply
      .header('cache-control', 'no-store')
      .header('content-type', registry.contentType)
      .send(await registry.metrics());
  });
}

function endWithin(work: Promise<void>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  return Promise.race([work, timeout]).finally(() => clearTimeout(timer));
}
