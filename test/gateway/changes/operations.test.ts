import { randomBytes } from 'node:crypto';
import type { ChangesStatus } from '../../../src/changes/changes.js';
import { NOWHERE } from '../../../src/changes/position.js';
import { PositionTokens } from '../../../src/changes/position-tokens.js';
import { createMissingChangesCheck } from '../../../src/gateway/changes/changes-check.js';
import { type SmallGateway, startSmallGateway } from '../small-gateway.js';
import { createRecordedChanges, type RecordedChanges } from './recorded-changes.js';

const tokens = new PositionTokens(randomBytes(32));

let changes: RecordedChanges;
let gateway: SmallGateway;
beforeEach(async () => {
  changes = createRecordedChanges();
  gateway = await startSmallGateway({}, { changes: { node: changes, tokens } });
});
afterEach(() => gateway.close());

async function readReport(of: SmallGateway = gateway) {
  const response = await fetch(`${of.url}/readyz`);
  return { code: response.status, report: (await response.json()) as any };
}

async function readMetrics(): Promise<string> {
  return (await fetch(`${gateway.url}/metrics`)).text();
}

/** What is told from now on, but for what is given. */
async function tell(...told: Partial<ChangesStatus>[]): Promise<void> {
  const status = await changes.readStatus();
  changes.readStatus = async () => ({ ...status, ...(told.length > 1 ? told.shift() : told[0]) });
}

describe('/readyz', () => {
  it('tells position, horizon, lag and outbox', async () => {
    expect(await readReport()).toMatchObject({
      code: 200,
      report: {
        status: 'ready',
        checks: {
          changes: {
            status: 'ok',
            detail: {
              log: 'memory',
              position: 'e:7',
              horizon: 3,
              lagMs: 12,
              fault: null,
              outbox: { rows: 2, oldestMs: 40 },
              uncaptured: [],
            },
          },
        },
      },
    });
  });

  it('takes a node that nobody asks anything for a sound one', async () => {
    await tell({ fault: 'starting', position: NOWHERE, lagMs: null });
    expect((await readReport()).report.checks.changes.detail).toMatchObject({ position: null, lagMs: null });
    for (const fault of ['starting', 'lagging'] as const) {
      await tell({ fault });
      const { report } = await readReport();
      expect([report.status, report.checks.changes.detail.fault]).toEqual(['ready', fault]);
    }
  });

  it('is degraded where a node may not use what it remembers', async () => {
    for (const fault of ['pending-write', 'log-away', 'not-captured'] as const) {
      await tell({ fault });
      const { code, report } = await readReport();
      expect([code, report.status]).toEqual([200, 'degraded']);
      expect(report.checks.changes).toMatchObject({
        status: 'failed',
        reason: expect.stringContaining('caches stand aside'),
        detail: { fault, position: 'e:7' },
      });
    }
  });

  it('looks again whether a log is back that was away', async () => {
    await tell({ fault: 'log-away' }, { fault: null });
    expect((await readReport()).report.status).toBe('ready');
  });

  it('says why where changes can not be followed, or PostgreSQL does not answer', async () => {
    changes.readStatus = () => Promise.reject(new Error('no answer'));
    expect((await readReport()).report.checks.changes).toMatchObject({ reason: 'no answer' });
    const checks = [createMissingChangesCheck('not installed')];
    const without = await startSmallGateway({}, { checks });
    try {
      expect(await readReport(without)).toMatchObject({
        code: 200,
        report: { status: 'degraded', checks: { changes: { status: 'failed', reason: 'not installed' } } },
      });
    } finally {
      await without.close();
    }
  });
});

describe('/metrics', () => {
  it('has lag, position, horizon and outbox', async () => {
    const text = await readMetrics();
    for (const line of [
      'sluice_changes_lag_seconds 0.012',
      'sluice_changes_position_id 7',
      'sluice_changes_horizon_id 3',
      'sluice_changes_outbox_rows 2',
      'sluice_changes_outbox_age_seconds 0.04',
    ]) {
      expect(text).toContain(`\n${line}\n`);
    }
  });

  it('takes what nobody knows for no number', async () => {
    await tell({ lagMs: null, outbox: null });
    const unknown = await readMetrics();
    expect(unknown).toContain('\nsluice_changes_lag_seconds Nan\n');
    expect(unknown).toContain('\nsluice_changes_outbox_rows Nan\n');
    changes.readStatus = () => Promise.reject(new Error('no answer'));
    expect(await readMetrics()).toContain('\nsluice_changes_lag_seconds Nan\n');
  });

  it('does not wait for a PostgreSQL that hangs', async () => {
    const hanging = createRecordedChanges();
    hanging.readStatus = () => new Promise(() => {});
    const env = { SLUICE_HTTP_READINESS_TIMEOUT_MS: '50' };
    const other = await startSmallGateway(env, { changes: { node: hanging, tokens } });
    try {
      expect(await (await fetch(`${other.url}/metrics`)).text()).toContain('sluice_changes_position_id 7');
    } finally {
      await other.close();
    }
  });
});
