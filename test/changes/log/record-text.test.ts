import fc from 'fast-check';
import type { ChangeRecord } from '../../../src/changes/log/change-log.js';
import { formatRecord, parseRecords } from '../../../src/changes/log/record-text.js';
import { hashTag } from '../../../src/changes/tags/hash-tag.js';

// What PostgreSQL takes for text has no NUL, and tags are never empty.
const tag = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }).filter((text) => !text.includes('\0'));
const id = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const record: fc.Arbitrary<ChangeRecord> = fc.oneof(
  fc.record({
    ...{ id, prev: id, lsn: fc.constantFrom('0/0', '16/B374D848'), isHorizon: fc.constant(false) },
    tags: fc.array(tag, { maxLength: 6 }),
  }),
  fc.record({
    ...{ id, prev: id, lsn: fc.constant('0/1'), isHorizon: fc.constant(true), tags: fc.constant([]) },
  }),
);

describe('records as text', () => {
  it('come back as they were, and know the hashes of their tags', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 8 }), (records) => {
        const parsed = parseRecords(records.map(formatRecord).join('\0\0'));
        expect(
          parsed.map(({ id, prev, lsn, tags, isHorizon }) => ({ id, prev, lsn, tags, isHorizon })),
        ).toEqual(records.map(({ id, prev, lsn, tags, isHorizon }) => ({ id, prev, lsn, tags, isHorizon })));
        for (const [n, each] of parsed.entries()) {
          const hashes: number[] = [];
          each.visitTagHashes((hash) => hashes.push(hash));
          expect(hashes).toEqual(records[n]!.tags.map((text) => hashTag(text)));
        }
      }),
    );
  });
});
