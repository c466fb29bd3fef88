import { timingSafeEqual } from 'node:crypto';
import { createApiKey, parseApiKey } from '../../src/identity/api-keys/api-key.js';
import {
  type ApiKeyGrant,
  findApiKey,
  issueApiKey,
  listApiKeys,
  noteApiKeyUses,
  revokeApiKey,
} from '../../src/identity/api-keys/api-key-store.js';
import { KeyUses } from '../../src/identity/api-keys/key-uses.js';
import { keyRevocationTag } from '../../src/identity/revocation/revocation-tags.js';
import { createUnreachablePool, type EngineDatabase, openEngineDatabase } from './engine-database.js';
import { createReader, thrownBy } from './viewer-readers.js';

let database: EngineDatabase;
beforeAll(async () => {
  database = await openEngineDatabase();
});
afterAll(() => database.close());

const grant: ApiKeyGrant = {
  name: 'a test',
  viewerId: 'robot-1',
  tier: 'premium',
  scopes: ['read'],
  expiresAt: null,
};
const issue = (options: Partial<ApiKeyGrant> = {}) => issueApiKey(database.pool, { ...grant, ...options });
const prefixOf = (text: string) => text.slice(0, 12);
const open = (options: Parameters<typeof createReader>[1] = {}) =>
  createReader({}, { storage: database.pool, ...options });
const refusal = (message: string) => ({ code: 'UNAUTHENTICATED', message });

describe('An API key', () => {
  it('is a prefix that may be shown and 256 bits that may not, which no database holds', async () => {
    const text = await issue();
    expect(text).toMatch(/^slk_[a-z0-9]{8}_[A-Za-z0-9_-]{43}$/);
    const { rows } = await database.pool.query('SELECT k::text AS row FROM sluice.api_keys k');
    for (const { row } of rows) expect(row).not.toContain(text.slice(13));
    expect(createApiKey().text).not.toBe(createApiKey().text);
  });

  it('names a viewer', async () => {
    expect(await open().readViewer({ 'sluice-key': await issue() })).toEqual({
      id: 'robot-1',
      tier: 'premium',
      scopes: ['read'],
      isAuthenticated: true,
    });
  });

  it('is looked up once while it is remembered', async () => {
    const reader = open();
    const headers = { 'sluice-key': await issue() };
    const viewer = await reader.readViewer(headers);
    const before = database.statements.length;
    // At once: no promise.
    expect(reader.readViewer(headers)).toBe(viewer);
    expect(database.statements).toHaveLength(before);
  });

  it('is looked up again after a minute, in case its row was changed by hand', async () => {
    const clock = { ms: Date.now(), nowMs: () => clock.ms };
    const reader = open({ clock });
    const text = await issue();
    await reader.readViewer({ 'sluice-key': text });
    await database.pool.query("UPDATE sluice.api_keys SET tier = 'staff' WHERE prefix = $1", [
      prefixOf(text),
    ]);
    clock.ms += 60_000;
    expect(await reader.readViewer({ 'sluice-key': text })).toMatchObject({ tier: 'staff' });
  });

  it('is made for what a viewer can be only', async () => {
    for (const options of [
      { name: '' },
      { viewerId: 'x'.repeat(257) },
      { scopes: ['two words'] },
      { scopes: [''] },
      { scopes: ['"'] },
    ])
      await expect(issue(options)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('is listed with all but its secret, the newest first', async () => {
    const text = await issue({ name: 'listed', expiresAt: new Date('2040-01-01T00:00:00Z') });
    const [newest] = await listApiKeys(database.pool);
    expect(newest).toEqual({
      ...grant,
      name: 'listed',
      prefix: prefixOf(text),
      createdAt: expect.any(Date),
      expiresAt: new Date('2040-01-01T00:00:00Z'),
      lastUsedAt: null,
      revokedAt: null,
    });
  });
});

describe('An API key is refused', () => {
  it('where it has another form', async () => {
    const text = await issue();
    for (const key of ['', 'slk_', text.slice(0, -1), `${text}x`, text.toUpperCase(), `${text}, ${text}`]) {
      expect(parseApiKey(key)).toBeNull();
      expect(await thrownBy(() => open().readViewer({ 'sluice-key': key }))).toMatchObject({
        code: 'UNAUTHENTICATED',
        message: expect.stringContaining('must read'),
      });
    }
    expect(await thrownBy(() => open().readViewer({ 'sluice-key': [text, text] }))).toMatchObject({
      message: 'There is more than one Sluice-Key header',
    });
  });

  it('after the same work for an unknown prefix as for a wrong secret, and in the same words', async () => {
    const known = await issue();
    const foreign = createApiKey().text;
    const swapped = prefixOf(known) + foreign.slice(12);
    const revoked = await issue();
    await revokeApiKey(database.pool, prefixOf(revoked));
    for (const key of [foreign, swapped, prefixOf(revoked) + foreign.slice(12)]) {
      const compared: number[] = [];
      const reader = open({
        areEqual: (a, b) => {
          compared.push(a.byteLength, b.byteLength);
          return timingSafeEqual(a, b);
        },
      });
      const before = database.statements.length;
      expect(await thrownBy(() => reader.readViewer({ 'sluice-key': key }))).toMatchObject(
        refusal('The key is not valid'),
      );
      expect(compared).toEqual([32, 32]);
      expect(database.statements.length - before).toBe(1);
    }
  });

  it('once it has expired, also while it is remembered', async () => {
    const clock = { ms: Date.now(), nowMs: () => clock.ms };
    const reader = open({ clock });
    const headers = { 'sluice-key': await issue({ expiresAt: new Date(clock.ms + 10_000) }) };
    await reader.readViewer(headers);
    clock.ms += 10_000;
    expect(await thrownBy(() => reader.readViewer(headers))).toMatchObject(refusal('The key has expired'));
  });

  it('where its tier is none any more', async () => {
    const headers = { 'sluice-key': await issue({ tier: 'gold' }) };
    expect(await thrownBy(() => open().readViewer(headers))).toMatchObject(
      refusal('The key does not hold: there is no tier "gold"'),
    );
  });

  it('once it is revoked, which the change log is told in the same transaction', async () => {
    const text = await issue();
    await database.pool.query('DELETE FROM sluice.outbox');
    expect(await revokeApiKey(database.pool, prefixOf(text))).toBe(true);
    const { rows } = await database.pool.query('SELECT tags FROM sluice.outbox');
    expect(rows).toEqual([{ tags: [keyRevocationTag(prefixOf(text))] }]);
    expect(await thrownBy(() => open().readViewer({ 'sluice-key': text }))).toMatchObject(
      refusal('The key has been revoked'),
    );
    const since = (await findApiKey(database.pool, prefixOf(text)))?.revokedAt;
    await revokeApiKey(database.pool, prefixOf(text));
    expect((await findApiKey(database.pool, prefixOf(text)))?.revokedAt).toEqual(since);
    expect(await revokeApiKey(database.pool, 'slk_nowhere0')).toBe(false);
  });

  it('beside a bearer token, whichever of them holds', async () => {
    const headers = { 'sluice-key': await issue(), authorization: 'Bearer x' };
    expect(await thrownBy(() => open().readViewer(headers))).toMatchObject({ code: 'BAD_REQUEST' });
  });

  it('for now where the database does not answer, and where there is none for good', async () => {
    const headers = { 'sluice-key': createApiKey().text };
    const away = createUnreachablePool();
    expect(await thrownBy(() => open({ storage: away }).readViewer(headers))).toMatchObject({
      code: 'IDENTITY_UNAVAILABLE',
    });
    expect(await thrownBy(() => createReader({}).readViewer(headers))).toMatchObject({
      code: 'UNAUTHENTICATED',
      message: expect.stringContaining('accepts no API keys'),
    });
  });
});

describe('The last use of a key', () => {
  const lastUse = async (text: string) =>
    (await findApiKey(database.pool, prefixOf(text)))?.lastUsedAt ?? null;
  const updates = () => database.statements.filter((each) => each.includes('SET last_used_at')).length;
  const fail = (error: unknown) => {
    throw error;
  };

  it('is written once a minute, in one statement for all keys', async () => {
    const [one, other] = [await issue(), await issue()];
    const clock = { ms: 0, nowMs: () => clock.ms };
    const before = updates();
    const uses = new KeyUses({ storage: database.pool, onFailure: fail, clock });
    for (const text of [one, other, one, one]) uses.note(prefixOf(text));
    await uses.close();
    expect([await lastUse(one), await lastUse(other)]).toEqual([expect.any(Date), expect.any(Date)]);
    clock.ms = 59_999;
    uses.note(prefixOf(one));
    await uses.close();
    expect(updates() - before).toBe(1);
    clock.ms = 60_000;
    uses.note(prefixOf(one));
    await uses.close();
    expect(updates() - before).toBe(2);
  });

  it('is written once a minute, however many nodes note it', async () => {
    const text = await issue();
    await noteApiKeyUses(database.pool, [prefixOf(text)]);
    const first = await lastUse(text);
    await noteApiKeyUses(database.pool, [prefixOf(text)]);
    expect(await lastUse(text)).toEqual(first);
  });

  it('is nothing that anyone waits for', async () => {
    const failures: unknown[] = [];
    const away = createUnreachablePool();
    const uses = new KeyUses({ storage: away, onFailure: (error) => failures.push(error) });
    expect(uses.note('slk_12345678')).toBeUndefined();
    await uses.close();
    expect(failures).toHaveLength(1);
  });
});
