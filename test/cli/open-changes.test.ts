import { NO_DEMAND } from '../../src/changes/capture/capture-demand.js';
import { applyEngineSchema } from '../../src/changes/capture/engine-schema.js';
import { installCapture } from '../../src/changes/capture/install-capture.js';
import { planCapture } from '../../src/changes/capture/plan-capture.js';
import { ClosingStack } from '../../src/cli/closing-stack.js';
import { type OpenedChanges, openChanges } from '../../src/cli/open-changes.js';
import { readConfig } from '../../src/kernel/config/read-config.js';
import { createPool } from '../../src/reads/pg/create-pool.js';
import { createLogger } from '../../src/telemetry/logger.js';
import { createMetrics } from '../../src/telemetry/metrics.js';
import { withClient } from '../changes/engine-tables.js';
import { createDomainDatabase } from '../domain/domain-database.js';
import { domainGraph } from '../domain/domain-graph.js';
import { until } from '../embedded/until.js';
import { captureLog } from '../gateway/small-gateway.js';
import type { TestDatabase } from '../services/database.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDomainDatabase();
});
afterAll(() => database.drop());

/** Opens, looks, and closes. */
async function open(
  env: Record<string, string> = {},
  look: (opened: OpenedChanges) => Promise<void> = async () => {},
): Promise<{ readonly opened: OpenedChanges; readonly lines: unknown[] }> {
  const config = readConfig(env);
  const log = captureLog();
  const closing = new ClosingStack();
  const pool = createPool({ ...config.database, url: database.url });
  closing.add(() => pool.end());
  try {
    const opened = await openChanges({
      config: config.changes,
      databaseUrl: database.url,
      pool,
      redis: null,
      graph: await domainGraph(),
      demand: NO_DEMAND,
      metrics: createMetrics().changes,
      log: createLogger({ level: 'info', format: 'json', destination: log.destination }),
      closing,
    });
    await look(opened);
    return { opened, lines: log.lines.map(({ msg }) => msg) };
  } finally {
    await closing.close();
  }
}

async function reasonOf({ checks }: OpenedChanges): Promise<string> {
  expect(checks).toHaveLength(1);
  return checks[0]!.check().then(
    () => 'none',
    (error: Error) => error.message,
  );
}

describe('Changes', () => {
  it('are not followed where the database lacks the tables, which is said with the command', async () => {
    const { opened, lines } = await open();
    expect(opened.changes).toBeNull();
    expect(lines).toEqual([
      expect.stringMatching(/^Changes are not followed: .*`npm run sluice -- migrate`/),
    ]);
    expect(await reasonOf(opened)).toMatch(/lacks tables of Sluice/);
  });

  it('are not followed where no model is captured', async () => {
    await withClient(database.url, applyEngineSchema);
    const { opened, lines } = await open();
    expect(opened.changes).toBeNull();
    expect(lines).toEqual([
      expect.stringMatching(/no model is captured. Run `npm run sluice -- capture install`/),
    ]);
    expect(await reasonOf(opened)).toMatch(/no model is captured/);
  });

  it('are followed where they are captured', async () => {
    await withClient(database.url, async (client) =>
      installCapture(client, await planCapture(client, await domainGraph(), NO_DEMAND)),
    );
    const { lines } = await open({}, async ({ changes, checks }) => {
      expect(checks).toEqual([]);
      await until('trust', async () => (await changes?.node.ensureTrusted()) === true);
      const settled = await changes?.node.settle('wrote');
      expect(settled).toMatchObject({ isDrained: true });
    });
    expect(lines.filter((line) => String(line).includes('not followed'))).toEqual([]);
  });

  it('are followed where only some are captured, which is said with the command', async () => {
    await withClient(database.url, (client) =>
      client.query('ALTER TABLE zoo.keepers DISABLE TRIGGER sluice_update'),
    );
    const { opened, lines } = await open();
    expect(opened.changes).not.toBeNull();
    expect(lines).toContain(
      'Changes of Keeper are not captured as they should be. Run `npm run sluice -- capture install`',
    );
  });

  it('are not followed where that is switched off, and nothing is asked', async () => {
    const { opened, lines } = await open({ SLUICE_CHANGES: 'off' });
    expect([opened, lines]).toEqual([{ changes: null, checks: [] }, []]);
  });
});
