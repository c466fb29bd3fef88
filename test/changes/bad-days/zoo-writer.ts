import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { collapseTag, rowTag, sliceTag } from '../../../src/changes/tags/tag-grammar.js';
import { createPool } from '../../../src/reads/pg/create-pool.js';
import type { Random } from '../../binding/agreement/random.js';
import { PrismaClient } from '../../domain/generated/prisma/client.js';
import { POOL_SETTINGS } from '../../reads/pg-zoo.js';

/** What a write that was committed must have voided; each is a tag, and the model that it is of. */
export interface Voided {
  readonly tag: string;
  readonly model: string;
}

export interface Written {
  readonly kind: string;
  readonly voided: readonly Voided[];
  /** Tags of what was undone again, and must not be told of. */
  readonly untouched: readonly Voided[];
}

/** Writes to the zoo in every way there is, each time to rows that nothing else in its batch has to do with. */
export class ZooWriter {
  readonly #prisma: PrismaClient;
  readonly #pool: pg.Pool;
  readonly #random: Random;
  /** Keepers that nobody refers to. */
  #free: number[] = [];
  readonly #areFree = new Set<number>();
  #badge = 0;

  constructor(url: string, random: Random) {
    this.#random = random;
    this.#pool = openPool(url, 6);
    this.#prisma = new PrismaClient({
      adapter: new PrismaPg(openPool(url, 3), { schema: 'zoo', disposeExternalPool: true }),
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.#pool.end(), this.#prisma.$disconnect()]);
  }

  /** Some keepers to begin with. */
  async prepare(count: number): Promise<void> {
    await this.#pool.query(
      `INSERT INTO zoo.keepers (badge, name) SELECT 'S' || n, 'Sam' FROM generate_series(1, $1) AS n`,
      [count],
    );
    await this.recount();
  }

  /** After a crash nobody knows what there is. */
  async recount(): Promise<void> {
    const { rows } = await this.#pool.query<{ id: number }>(
      `SELECT k.id FROM zoo.keepers k WHERE k.id > 5 AND NOT EXISTS (SELECT FROM zoo.shifts s WHERE s.badge = k.badge)`,
    );
    this.#free = [];
    this.#areFree.clear();
    for (const { id } of rows) this.#add(id);
  }

  /** Keepers that the batch that comes now leaves alone. */
  takeAside(count: number): Voided[] {
    return this.#take(count).map(keeper);
  }

  /** Those that were taken aside or used are free again. */
  giveBack(voided: readonly Voided[]): void {
    for (const { tag, model } of voided) if (model === 'Keeper') this.#add(Number(tag.slice(7)));
  }

  /** One write of some kind. Rejects where it failed; whether it was committed nobody knows then. */
  async write(): Promise<Written> {
    if (this.#random.chance(0.003)) return this.#truncate();
    const kinds = [
      () => this.#insert(),
      () => this.#update(),
      () => this.#updateMany(),
      () => this.#deleteWithCascade(),
      () => this.#copy(),
      () => this.#transaction(),
      () => this.#rollback(),
      () => this.#upsert(),
      () => this.#befriend(),
      () => this.#prismaUpdate(),
      () => this.#prismaTransaction(),
      () => this.#prismaRaw(),
    ];
    return this.#random.pick(kinds)();
  }

  #take(count: number): number[] {
    return Array.from({ length: count }, () => {
      const at = this.#random.int(0, this.#free.length - 1);
      const id = this.#free[at];
      if (id === undefined) throw new Error('too few keepers');
      this.#free[at] = this.#free.at(-1)!;
      this.#free.pop();
      this.#areFree.delete(id);
      return id;
    });
  }

  #add(id: number): void {
    if (this.#areFree.has(id)) return;
    this.#areFree.add(id);
    this.#free.push(id);
  }

  #nextBadge(): string {
    this.#badge++;
    return `W${this.#badge.toString(36)}${this.#random.int(0, 36 ** 4).toString(36)}`;
  }

  async #insert(): Promise<Written> {
    const { rows } = await this.#pool.query<{ id: number }>(
      `INSERT INTO zoo.keepers (badge, name) VALUES ($1, 'Ida') RETURNING id`,
      [this.#nextBadge()],
    );
    return written(
      'insert',
      rows.map(({ id }) => keeper(id)),
    );
  }

  async #update(): Promise<Written> {
    const [id] = this.#take(1);
    await this.#pool.query(`UPDATE zoo.keepers SET name = $2 WHERE id = $1`, [
      id,
      String(this.#random.next()),
    ]);
    return written('update', [keeper(id!)]);
  }

  async #updateMany(): Promise<Written> {
    const ids = this.#take(8);
    await this.#pool.query(`UPDATE zoo.keepers SET name = name || '.' WHERE id = ANY ($1)`, [ids]);
    return written('update of many', ids.map(keeper));
  }

  async #deleteWithCascade(): Promise<Written> {
    const [id] = this.#take(1);
    const notes = [randomUUID(), randomUUID()];
    await this.#pool.query(
      `INSERT INTO records.notes (id, text, keeper_id) SELECT n, 'x', $2 FROM unnest($1::uuid[]) AS n`,
      [notes, id],
    );
    await this.#pool.query('DELETE FROM zoo.keepers WHERE id = $1', [id]);
    // What it deletes is no keeper any more.
    return { ...written('cascade', notes.map(note)), untouched: [] };
  }

  async #copy(): Promise<Written> {
    const badges = [this.#nextBadge(), this.#nextBadge(), this.#nextBadge()];
    const client = await this.#pool.connect();
    try {
      const lines = badges.map((badge) => `${badge}\tCora\n`);
      await pipeline(
        Readable.from(lines),
        client.query(copyFrom('COPY zoo.keepers (badge, name) FROM STDIN')),
      );
      client.release();
    } catch (error) {
      client.release(true);
      throw error;
    }
    const { rows } = await this.#pool.query<{ id: number }>(
      'SELECT id FROM zoo.keepers WHERE badge = ANY ($1)',
      [badges],
    );
    return written(
      'copy',
      rows.map(({ id }) => keeper(id)),
    );
  }

  async #transaction(): Promise<Written> {
    const [kept, undone] = this.#take(2);
    await this.#pool.query(
      `BEGIN; UPDATE zoo.keepers SET name = 'Tea' WHERE id = ${kept}; SAVEPOINT before;
       UPDATE zoo.keepers SET name = 'Tom' WHERE id = ${undone}; ROLLBACK TO before; COMMIT`,
    );
    return { kind: 'transaction', voided: [keeper(kept!)], untouched: [keeper(undone!)] };
  }

  async #rollback(): Promise<Written> {
    const [id] = this.#take(1);
    await this.#pool.query(`BEGIN; UPDATE zoo.keepers SET name = 'Rob' WHERE id = ${id}; ROLLBACK`);
    return { kind: 'rollback', voided: [], untouched: [keeper(id!)] };
  }

  async #upsert(): Promise<Written> {
    const [id] = this.#take(1);
    await this.#pool.query(
      `INSERT INTO zoo.keepers (id, badge, name) VALUES ($1, $2, 'Uma') ON CONFLICT (id) DO UPDATE SET name = 'Uno'`,
      [id, this.#nextBadge()],
    );
    return written('upsert', [keeper(id!)]);
  }

  async #befriend(): Promise<Written> {
    const animals = await this.#pool.query<{ a: string; b: string }>(
      'SELECT x.id AS a, y.id AS b FROM zoo.animals x, zoo.animals y ORDER BY random() LIMIT 1',
    );
    const { a, b } = animals.rows[0]!;
    const { rowCount } = await this.#pool.query(
      `INSERT INTO zoo."_Friendship" ("A", "B") VALUES ($1, $2) ON CONFLICT DO NOTHING`,
      [a, b],
    );
    if (rowCount === 0) {
      const gone = await this.#pool.query(`DELETE FROM zoo."_Friendship" WHERE "A" = $1 AND "B" = $2`, [
        a,
        b,
      ]);
      if (gone.rowCount === 0) return { kind: 'friendship', voided: [], untouched: [] };
    }
    return written('friendship', [{ tag: sliceTag('_Friendship', `+A=${a}`), model: '_Friendship' }]);
  }

  async #prismaUpdate(): Promise<Written> {
    const [id] = this.#take(1);
    await this.#prisma.keeper.update({ where: { id: id! }, data: { name: 'Pia' } });
    return written('Prisma', [keeper(id!)]);
  }

  async #prismaTransaction(): Promise<Written> {
    const [id] = this.#take(1);
    const created = await this.#prisma.$transaction(async (inside) => {
      await inside.keeper.update({ where: { id: id! }, data: { name: 'Pam' } });
      return inside.keeper.create({ data: { badge: this.#nextBadge(), name: 'Pat' } });
    });
    return written('Prisma transaction', [keeper(id!), keeper(created.id)]);
  }

  async #prismaRaw(): Promise<Written> {
    const [id] = this.#take(1);
    await this.#prisma.$executeRaw`UPDATE zoo.keepers SET name = 'Ray' WHERE id = ${id}`;
    return written('Prisma raw', [keeper(id!)]);
  }

  async #truncate(): Promise<Written> {
    await this.#pool.query('TRUNCATE records.passports');
    return written('truncate', [{ tag: collapseTag('Passport'), model: 'Passport' }]);
  }
}

function openPool(url: string, max: number): pg.Pool {
  return createPool({ ...POOL_SETTINGS, url, poolSize: max, connectTimeoutMs: 5_000 });
}

function written(kind: string, voided: readonly Voided[]): Written {
  return { kind, voided, untouched: [] };
}

function keeper(id: number): Voided {
  return { tag: rowTag('Keeper', [String(id)]), model: 'Keeper' };
}

function note(id: string): Voided {
  return { tag: rowTag('Note', [id]), model: 'Note' };
}
