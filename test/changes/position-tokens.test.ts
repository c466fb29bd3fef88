import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { loadPositionTokens, PositionTokens } from '../../src/changes/position-tokens.js';
import { createChangesDatabase } from './engine-tables.js';

describe('a position as clients carry it', () => {
  const tokens = new PositionTokens(randomBytes(32));
  const position = { epoch: 'a1b2c3', id: 42 };

  it('comes back as it was', () => {
    for (const id of [0, 42, Number.MAX_SAFE_INTEGER]) {
      const token = tokens.write({ epoch: 'a1b2c3', id });
      expect(token).toMatch(/^a1b2c3:\d+:[A-Za-z0-9_-]{22}$/);
      expect(tokens.read(token)).toEqual({ epoch: 'a1b2c3', id });
    }
  });

  it('is refused when anything in it was changed, or another database made it', () => {
    const token = tokens.write(position);
    const [epoch, id, mac = ''] = token.split(':');
    const forged = [
      `${epoch}:43:${mac}`,
      `a1b2c4:${id}:${mac}`,
      `${epoch}:${id}:${mac.startsWith('A') ? 'B' : 'A'}${mac.slice(1)}`,
      new PositionTokens(randomBytes(32)).write(position),
    ];
    for (const each of forged) expect(tokens.read(each)).toBeNull();
  });

  it('is refused when it is nothing of the kind', () => {
    const mac = 'A'.repeat(22);
    for (const text of [
      '',
      'x',
      `e:1`,
      `e:01:${mac}`,
      `e:-1:${mac}`,
      `e:9999999999999999:${mac}`,
      `e:1:${mac}A`,
    ]) {
      expect(tokens.read(text)).toBeNull();
    }
  });

  it('is authenticated with the secret that all nodes of a database share', async () => {
    const database = await createChangesDatabase();
    const pool = new pg.Pool({ connectionString: database.url });
    const [one, other] = await Promise.all([loadPositionTokens(pool), loadPositionTokens(pool)]);
    expect(other.read(one.write(position))).toEqual(position);
    await pool.query('DELETE FROM sluice.secret');
    await expect(loadPositionTokens(pool)).rejects.toMatchObject({ code: 'DATABASE_SCHEMA_LAGS' });
    await pool.end();
    await database.drop();
  });
});
