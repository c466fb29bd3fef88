import { MemoryChangeLog } from '../../../src/changes/log/memory-change-log.js';
import { describeChangeLog, entry, record } from './change-log-contract.js';

describe('a change log in memory', () => {
  describeChangeLog(async (options) => ({
    log: new MemoryChangeLog(options),
    remove: async () => {},
  }));

  it('is empty after it was closed', async () => {
    const log = new MemoryChangeLog({ nowMs: () => 7 });
    await log.append(entry('e1', 1, record(1, 0)), 0);
    await log.close();
    expect(await log.read({ epoch: 'e1', id: 0 })).toMatchObject({ heartbeat: null, records: [], timeMs: 7 });
  });
});
