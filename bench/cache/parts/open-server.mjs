import { startServer } from '../../harness/server-process.mjs';

/** Nobody comes to an end of these. */
export const TIERS = ['anonymous', 'authenticated'].map((name) => ({
  name,
  windows: [
    { limit: 1_000_000_000, seconds: 3_600 },
    { limit: 1_000_000_000, seconds: 60 },
  ],
  costPerMinute: 1_000_000_000,
  maxOperationCost: 1_000_000,
}));

/** Sluice as the benchmark of hits has it. `redisUrl` null: it is alone. */
export function openSluice({ databaseUrl, redisUrl = null, env = {}, core = 1, maxAge }) {
  const peer = { title: 'Sluice', file: '../cache/servers/sluice.mjs', mode: '-' };
  const settings = { tiers: TIERS, redisUrl, maxAge, env: { SLUICE_LIMITS: 'off', ...env } };
  return startServer({ peer, databaseUrl, core, extra: [JSON.stringify(settings)] });
}
