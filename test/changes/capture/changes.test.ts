import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { type CapturedZoo, openCapturedZoo } from './captured-zoo.js';

const DEMAND = new Map([
  ['Animal', { slices: [['mood'], ['isOnShow']], columns: ['name', 'weightKg', 'bornAt'] }],
  ['Keeper', { slices: [['email']], columns: ['email', 'name'] }],
  ['Specimen', { slices: [], columns: ['loose', 'rawPayload', 'ratio', 'nick'] }],
]);

let zoo: CapturedZoo;
beforeAll(async () => {
  zoo = await openCapturedZoo({ demand: DEMAND });
});
afterAll(() => zoo.close());
// What a test changes is undone after it.
beforeEach(() => zoo.client.query('BEGIN'));
afterEach(() => zoo.client.query('ROLLBACK'));

describe('a change of one row', () => {
  it('tells of the row, and of the columns that reads ask for', async () => {
    expect(await zoo.tagsOf("UPDATE zoo.keepers SET name = 'New' WHERE id = 1")).toEqual([
      'Keeper.name',
      'Keeper.name+badge=K-001',
      'Keeper:1',
      'Keeper~',
    ]);
    expect(
      await zoo.tagsOf("UPDATE zoo.enclosures SET title = 'New' WHERE zone = 'North' AND number = 2"),
    ).toEqual(['Enclosure:North,2', 'Enclosure~']);
  });

  it('tells of the slices that it leaves and comes to, and of none where a column is NULL', async () => {
    await zoo.client.query('UPDATE zoo.animals SET mood = NULL, vet_id = NULL WHERE id = 1');
    await zoo.takeTags();
    const tags = await zoo.tagsOf("UPDATE zoo.animals SET mood = 'in a huff', vet_id = 2 WHERE id = 1");
    expect(tags.filter((tag) => /^Animal\+/.test(tag))).toEqual(['Animal+mood=in a huff', 'Animal+vetId=2']);
    expect(tags).toContain('Animal.mood');
    expect(tags).toContain('Animal.mood+taxonId=5');
  });

  it('tells of everything where its key changes, and of what the change cascades to', async () => {
    expect(await zoo.tagsOf('UPDATE zoo.animals SET id = 100 WHERE id = 2')).toEqual(
      [
        'Animal*',
        'Event.animalId',
        'Event.animalId+animalId=100',
        'Event+animalId=100',
        'Event+animalId=2',
        'Event:2',
        'Event~',
        'Feeding*',
        'Note.animalId',
        'Note.animalId+animalId=100',
        'Note+animalId=100',
        'Note+animalId=2',
        'Note:10000000-0000-4000-8000-000000000002',
        'Note~',
        'Passport.animalId',
        'Passport.animalId+animalId=100',
        'Passport+animalId=100',
        'Passport+animalId=2',
        'Passport:P-2',
        'Passport~',
        '_AnimalToFood*',
        '_Friendship*',
      ].sort(),
    );
  });

  it('notices a value that is equal and reads differently', async () => {
    await zoo.client.query(
      "UPDATE records.specimens SET loose = 1.0, raw_payload = '{}', ratio = 0, nick = 'a' WHERE id = 1",
    );
    await zoo.takeTags();
    const columnsOf = async (sets: string) =>
      (await zoo.tagsOf(`UPDATE records.specimens SET ${sets} WHERE id = 1`)).filter((tag) =>
        tag.startsWith('Specimen.'),
      );
    expect(await columnsOf('loose = 1.00')).toEqual(['Specimen.loose']);
    expect(await columnsOf("raw_payload = '{ }'")).toEqual(['Specimen.rawPayload']);
    expect(await columnsOf("ratio = '-0'")).toEqual(['Specimen.ratio']);
    expect(await columnsOf("nick = 'A'")).toEqual(['Specimen.nick']);
    expect(await columnsOf('loose = loose, raw_payload = raw_payload, ratio = ratio, nick = nick')).toEqual(
      [],
    );
  });

  it('has a slice only for columns that compare by their text', async () => {
    // citext finds "ANN@…" where "ann@…" is asked for.
    expect(zoo.plan.specs.get('Keeper')?.slices.map((slice) => slice.map(({ name }) => name))).toEqual([
      ['badge'],
    ]);
  });
});

describe('rows that come and go', () => {
  it('tell of themselves and of their slices', async () => {
    expect(
      await zoo.tagsOf(
        "INSERT INTO zoo.taxa (id, name, rank, parent_id) VALUES (90, 'Newt', 'SPECIES', 1), (91, 'Root', 'CLASS', NULL)",
      ),
    ).toEqual(['Taxon+', 'Taxon+parentId=1', 'Taxon:90', 'Taxon:91', 'Taxon~']);
    expect(await zoo.tagsOf('DELETE FROM zoo.taxa WHERE id = 91')).toEqual(['Taxon+', 'Taxon:91', 'Taxon~']);
  });

  it('tell of every table that a cascade reaches, in one statement or by setting NULL', async () => {
    const tags = await zoo.tagsOf('DELETE FROM zoo.animals WHERE id IN (1, 2)');
    for (const tag of [
      'Animal:1',
      'Animal:2',
      'Passport+animalId=2',
      'Feeding:2,meat',
      '_Friendship+A=1',
      '_Friendship+B=1',
      'Event+animalId=2',
    ])
      expect(tags).toContain(tag);
    const left = await zoo.tagsOf("DELETE FROM zoo.enclosures WHERE zone = 'South' AND number = 1");
    expect(left).toContain('Animal+enclosureNumber,enclosureZone=1,South');
  });

  it('tell of links between rows under the join table’s name', async () => {
    await zoo.client.query('DELETE FROM zoo."_Friendship"');
    await zoo.takeTags();
    expect(await zoo.tagsOf('INSERT INTO zoo."_Friendship" VALUES (3, 4)')).toEqual([
      '_Friendship+',
      '_Friendship+A=3',
      '_Friendship+B=4',
      '_Friendship:3,4',
      '_Friendship~',
    ]);
  });

  it('are told of by upserts, MERGE and COPY', async () => {
    const upsert =
      "INSERT INTO zoo.foods (name, kcal) VALUES ('meat', 1), ('new', 2) ON CONFLICT (name) DO UPDATE SET kcal = excluded.kcal";
    expect(await zoo.tagsOf(upsert)).toEqual(['Food+', 'Food:meat', 'Food:new', 'Food~']);
    const merge = `MERGE INTO zoo.foods f USING (VALUES ('new'), ('newer')) AS v (name) ON f.name = v.name
      WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (name) VALUES (v.name)`;
    expect(await zoo.tagsOf(merge)).toEqual(['Food+', 'Food:new', 'Food:newer', 'Food~']);
    await pipeline(
      Readable.from(['a,b\tx\n'.replace('\tx', '\t1')]),
      zoo.client.query(copyFrom('COPY zoo.foods FROM STDIN')),
    );
    expect(await zoo.takeTags()).toEqual(['Food+', 'Food:a%2Cb', 'Food~']);
  });
});

describe('a change of many rows', () => {
  it('is told as everything, beyond a hundred in a statement', async () => {
    const insert = (first: number, last: number) =>
      `INSERT INTO zoo.foods SELECT 'food ' || n FROM generate_series(${first}, ${last}) AS n`;
    expect(await zoo.tagsOf(insert(1, 100))).not.toContain('Food*');
    expect(await zoo.tagsOf(insert(101, 201))).toContain('Food*');
    const update = (last: number) =>
      `UPDATE zoo.foods SET kcal = 1 WHERE name IN (SELECT 'food ' || n FROM generate_series(1, ${last}) AS n)`;
    expect(await zoo.tagsOf(update(100))).toHaveLength(101);
    expect(await zoo.tagsOf(update(101))).toContain('Food*');
    await zoo.client.query("DELETE FROM zoo.foods WHERE name LIKE 'food %'");
    const { rows } = await zoo.client.query('SELECT count(*)::int FROM sluice.outbox');
    expect(await zoo.takeTags()).toContain('Food*');
    // Nothing grows with the number of rows.
    expect(rows).toEqual([{ count: 102 }]);
  });

  it('is told as everything by TRUNCATE, of every table that it reaches', async () => {
    expect(await zoo.tagsOf('TRUNCATE zoo.foods CASCADE')).toEqual(['Feeding*', 'Food*', '_AnimalToFood*']);
  });

  it('is told in full where keys change places', async () => {
    await zoo.client.query(
      "INSERT INTO zoo.taxa (id, name, rank) VALUES (90, 'a', 'CLASS'), (91, 'b', 'CLASS')",
    );
    await zoo.takeTags();
    const tags = await zoo.tagsOf(
      "UPDATE zoo.taxa SET name = CASE id WHEN 90 THEN 'c' ELSE 'd' END WHERE id IN (90, 91)",
    );
    expect(tags).toEqual(['Taxon:90', 'Taxon:91', 'Taxon~']);
  });
});

describe('whoever writes', () => {
  it('needs no grants, and none of its own operators and functions are used', async () => {
    const { client } = zoo;
    await client.query('ROLLBACK');
    await client.query(`
      CREATE ROLE "writer ${process.pid}" LOGIN;
      GRANT USAGE ON SCHEMA zoo TO "writer ${process.pid}";
      GRANT SELECT, UPDATE ON zoo.keepers TO "writer ${process.pid}";
      CREATE SCHEMA evil; GRANT USAGE ON SCHEMA evil TO PUBLIC;
      CREATE FUNCTION evil.refuse(text, text) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN RAISE 'evil'; END $$;
      CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.refuse);
      CREATE FUNCTION evil.replace(text, text, text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE 'evil'; END $$;
      CREATE TEMP TABLE outbox (tags text[])`);
    const url = new URL(zoo.url);
    url.username = `writer ${process.pid}`;
    const writer = new pg.Client({ connectionString: url.href });
    await writer.connect();
    try {
      await writer.query('SET search_path = evil, pg_temp, pg_catalog');
      await writer.query("UPDATE zoo.keepers SET name = 'x' WHERE id = 1");
      expect(await zoo.takeTags()).toContain('Keeper.name');
      await expect(writer.query('SELECT FROM sluice.outbox')).rejects.toThrow('permission denied');
    } finally {
      await writer.end();
      await client.query(`DROP OWNED BY "writer ${process.pid}"; DROP ROLE "writer ${process.pid}"`);
    }
  });

  it('is heard as a replica too', async () => {
    await zoo.client.query('SET LOCAL session_replication_role = replica');
    expect(await zoo.tagsOf("UPDATE zoo.keepers SET name = 'x' WHERE id = 1")).toContain('Keeper:1');
  });

  it('leaves nothing behind after a rollback, to a savepoint or of all', async () => {
    await zoo.client.query("UPDATE zoo.keepers SET name = 'kept' WHERE id = 1");
    await zoo.client.query('SAVEPOINT s');
    await zoo.client.query("UPDATE zoo.keepers SET name = 'undone' WHERE id = 2");
    await zoo.client.query('ROLLBACK TO s');
    await zoo.client.query('COMMIT');
    expect((await zoo.takeTags()).filter((tag) => tag.startsWith('Keeper:'))).toEqual(['Keeper:1']);
    await zoo.client.query("BEGIN; UPDATE zoo.keepers SET name = 'undone' WHERE id = 1; ROLLBACK");
    expect(await zoo.takeTags()).toEqual([]);
  });

  it('tells nothing where a statement finds no row', async () => {
    const none =
      "UPDATE zoo.keepers SET name = 'x' WHERE id = -1; DELETE FROM zoo.keepers WHERE id = -1; INSERT INTO zoo.foods SELECT FROM zoo.foods WHERE false";
    expect(await zoo.tagsOf(none)).toEqual([]);
  });
});
