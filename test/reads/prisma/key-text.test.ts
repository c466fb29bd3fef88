import type { Column, ColumnType } from '../../../src/model/model-graph.js';
import { toKeyText } from '../../../src/reads/prisma/key-text.js';
import type { RowValue } from '../../../src/reads/row.js';

function column(type: ColumnType, pgType: string): Column {
  return {
    ...{ name: 'key', dbName: 'key', type, enumName: null, pgType, description: null },
    ...{ isList: false, isNullable: false, isReadOnly: false, hasDefault: false },
  };
}

describe('two keys have one text', () => {
  it.each<[ColumnType, string, RowValue, RowValue]>([
    ['String', 'uuid', 'FF00', 'ff00'],
    ['String', 'citext', 'Ada@Zoo', 'ada@zoo'],
    ['String', 'bpchar', 'a', 'a   '],
    ['Int', 'int4', 7, '7'],
    ['BigInt', 'int8', '007', '7'],
    ['Float', 'float8', -0, 0],
    ['Decimal', 'numeric', '10', '10.00'],
    ['Decimal', 'numeric', '-0.50', '-.5'],
    ['Decimal', 'numeric', '0.00', '0'],
    ['Decimal', 'numeric', 'NaN', 'NaN'],
    ['DateTime', 'timestamptz', '2026-01-31T12:00:00.100Z', '2026-01-31T13:00:00.1+01:00'],
    ['DateTime', 'timestamptz', 'Infinity', 'Infinity'],
    ['DateTime', 'date', '2026-01-31', '2026-01-31'],
    ['Bytes', 'bytea', 'AQ==', 'AQ=='],
    ['BigInt', 'int8', null, null],
  ])('where PostgreSQL holds them equal: %s %s %p %p', (type, pgType, a, b) => {
    expect(toKeyText([column(type, pgType)], [a])).toBe(toKeyText([column(type, pgType)], [b]));
  });

  it.each<[ColumnType, string, RowValue, RowValue]>([
    ['String', 'text', 'a', 'A'],
    ['String', 'text', 'a', 'a '],
    ['BigInt', 'int8', '9007199254740992', '9007199254740993'],
    ['Decimal', 'numeric', '10', '1'],
    ['Decimal', 'numeric', '0.5', '-0.5'],
    ['DateTime', 'timestamp', '2026-01-31T12:00:00.000001Z', '2026-01-31T12:00:00.000002Z'],
    ['Bytes', 'bytea', '', 'AA=='],
    ['Int', 'int4', null, 0],
    ['String', 'text', null, 'null'],
  ])('not where it tells them apart: %s %s %p %p', (type, pgType, a, b) => {
    expect(toKeyText([column(type, pgType)], [a])).not.toBe(toKeyText([column(type, pgType)], [b]));
  });
});
