import { createServer } from 'node:net';
import { SluiceError } from '../../../src/kernel/sluice-error.js';
import type { RowValue } from '../../../src/reads/row.js';
import { createDomainDatabase } from '../../domain/domain-database.js';
import { asc, keyedQuery, relatedQuery, rowsQuery } from '../queries.js';
import { eq } from './conditions.js';
import { findColumn, type MakeReader, type Subject } from './subject.js';

/** Values that a specimen's column can't hold. */
const REFUSED: readonly (readonly [column: string, value: RowValue])[] = [
  ['token', 'zz'],
  ['whole', 3_000_000_000],
  ['whole', 1.5],
  ['whole', '7 dwarfs'],
  ['small', 40_000],
  ['big', '92233720368547758080'],
  ['big', '1.0'],
  ['price', 'ten'],
  ['ratio', 'much'],
  ['single', 1e39],
  ['flag', 'yes'],
  ['seenAt', 'yesterday'],
  ['seenZoned', '2026-01-31'],
  ['day', '2026-02-30'],
  ['clock', '25:00:00'],
  ['blob', 'not base64!'],
  ['mood', 'ANGRY'],
  ['label', 'nul\0'],
  ['label', 5],
  ['texts', 'a'],
  ['tokens', ['zz']],
];

export function describeFailures(subject: Subject, makeReader: MakeReader): void {
  describe('a value that a column refuses', () => {
    it.each(REFUSED)("is the caller's fault: %s %p", async (column, value) => {
      await expectCode(
        findColumn(subject, 'id', { model: 'Specimen', where: eq(column, value) }),
        'BAD_USER_INPUT',
      );
      await expectCode(
        findColumn(subject, 'id', {
          model: 'Specimen',
          where: { kind: 'in', column, values: [value], negated: false },
        }),
        'BAD_USER_INPUT',
      );
    });

    it("is the caller's fault in a text to look for, a key, a parent and a cursor", async () => {
      const { reader } = subject;
      await expectCode(
        findColumn(subject, 'id', {
          model: 'Animal',
          where: { kind: 'text', column: 'name', op: 'contains', value: '\0' },
        }),
        'BAD_USER_INPUT',
      );
      await expectCode(
        reader.findRowsByKeys(keyedQuery({ model: 'Shift', keys: [['zz']] })),
        'BAD_USER_INPUT',
      );
      await expectCode(
        reader.findRelatedRows(
          relatedQuery({ parentModel: 'Animal', relation: 'foods', model: 'Food', parents: [['x']] }),
        ),
        'BAD_USER_INPUT',
      );
      await expectCode(
        reader.findRows(rowsQuery({ model: 'Animal', order: [asc('bornAt')], after: ['soon'] })),
        'BAD_USER_INPUT',
      );
      await expectCode(
        reader.aggregateRows({
          model: 'Animal',
          where: eq('mood', 'ANGRY'),
          aggregates: [{ fn: 'count', column: null }],
        }),
        'BAD_USER_INPUT',
      );
    });

    it('leaves the reader as good as before', async () => {
      await expectCode(
        findColumn(subject, 'id', { model: 'Specimen', where: eq('token', 'zz') }),
        'BAD_USER_INPUT',
      );
      await expect(findColumn(subject, 'id', { model: 'Specimen', where: eq('whole', 42) })).resolves.toEqual(
        [1],
      );
    });
  });

  describe('a database that is not there', () => {
    it('is unavailable when nothing listens', async () => {
      const { reader, close } = await makeReader(
        `postgresql://postgres@127.0.0.1:${await findClosedPort()}/zoo`,
        subject.graph,
        () => {},
      );
      const query = rowsQuery({
        model: 'Animal',
        columns: ['bornAt'],
        where: eq('bornAt', '2026-01-31T12:00:00.000001Z'),
      });
      await expectCode(reader.findRows(query), 'DATABASE_UNAVAILABLE');
      await expectCode(
        reader.findRowsByKeys(keyedQuery({ model: 'Animal', keys: [['1']] })),
        'DATABASE_UNAVAILABLE',
      );
      await close();
    });

    it('is unavailable when it goes while the reader is connected', async () => {
      const database = await createDomainDatabase();
      const { reader, close } = await makeReader(database.url, subject.graph, () => {});
      const query = rowsQuery({ model: 'Keeper', columns: ['id'], order: [asc('id')], limit: 1 });
      await expect(reader.findRows(query)).resolves.toEqual([{ id: 1 }]);
      await database.drop();
      await expectCode(reader.findRows(query), 'DATABASE_UNAVAILABLE');
      await close();
    });
  });
}

async function expectCode(read: Promise<unknown>, code: string): Promise<void> {
  const error: unknown = await read.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(SluiceError);
  expect(error).toHaveProperty('code', code);
}

/** A port that was free a moment ago. */
function findClosedPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 1));
    });
  });
}
