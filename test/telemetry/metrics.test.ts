import { createMetrics } from '../../src/telemetry/metrics.js';

describe('Metrics', () => {
  it('are named as the project names them, with a unit or _total', async () => {
    const { registry } = createMetrics();
    const names = (await registry.getMetricsAsJSON())
      .map(({ name }) => name)
      .filter((name) => name.startsWith('sluice_'));
    expect(names.length).toBeGreaterThanOrEqual(8);
    for (const name of names)
      expect(name).toMatch(
        // What is counted by its name alone has no other unit.
        /^sluice_[a-z]+_(?:[a-z_]+_)?(total|seconds|in_flight|rows|operations|id|entries|bytes|waiting|dead|concurrency|open)$/,
      );
  });

  it('count apart in each registry', async () => {
    const [one, other] = [createMetrics(), createMetrics()];
    one.statements.inc({ driver: 'pg' });
    expect(await one.registry.metrics()).toContain('sluice_database_statements_total{driver="pg"} 1');
    expect(await other.registry.metrics()).not.toContain('driver="pg"');
  });
});
