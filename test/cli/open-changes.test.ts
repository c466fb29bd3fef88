import { NO_DEMAND } from '../../src/changes/capture/capture-demand.js';
import { applyEngineSchema, findPendingEngineSchema } from '../../src/changes/capture/engine-schema.js';
import { installCapture } from '../../src/changes/capture/install-capture.js';
import { planCapture } from '../../src/changes/capture/plan-capture.js';
import { hashTag } from '../../src/changes/tags/hash-tag.js';
import { collapseTag } from '../../src/changes/tags/tag-grammar.js';
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
      hasEngineSchema: (await findPendingEngineSchema(pool)).length === 0,
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

  it('are followed where no model is captured, and those that are installed meanwhile are known', async () => {
    await withClient(database.url, applyEngineSchema);
    const { lines } = await open(
      { SLUICE_CHANGES_CAPTURE_CHECK_INTERVAL_MS: '100' },
      async ({ changes, checks }) => {
        expect(checks).toEqual([]);
        const { node } = changes!;
        await until('trust', () => node.ensureTrusted());
        expect(node.isCaptured('Keeper')).toBe(false);
        await withClient(database.url, async (client) =>
          installCapture(client, await planCapture(client, await domainGraph(), NO_DEMAND)),
        );
        await until('capture to be noticed', async () => {
          await node.ensureTrusted();
          return node.isCaptured('Keeper');
        });
        expect(await node.settle('wrote')).toMatchObject({ isDrained: true });
        const stamp = node.position;
        await withClient(database.url, (client) =>
          client.query(`ALTER TABLE zoo.keepers DISABLE TRIGGER sluice_update;
          ALTER TABLE zoo.keepers ENABLE ALWAYS TRIGGER sluice_update`),
        );
        const keepers = Uint32Array.of(hashTag(collapseTag('Keeper')));
        await until('the touched triggers to be noticed', async () => {
          await node.ensureTrusted();
          return !node.isValid(stamp, keepers, new Uint32Array());
        });
      },
    );
    expect(lines[0]).toBe(
      'No model is captured, so nothing is kept. Run `npm run sluice -- capture install`',
    );
    expect(lines).toContain('Triggers or partitions were changed; what was known of these models is void');
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
    expect([opened, lines]).toEqual([{ changes: null, checks: [], specs: null }, []]);
  });
});
