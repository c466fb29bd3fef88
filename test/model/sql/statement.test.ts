import { quoteIdentifier, quoteQualified } from '../../../src/model/sql/identifiers.js';
import { toParameterType } from '../../../src/model/sql/parameter-type.js';
import { Parameters } from '../../../src/model/sql/statement.js';

describe('a name in SQL', () => {
  it('is quoted, with its schema where it has one', () => {
    expect(quoteIdentifier('a "b"; --')).toBe('"a ""b""; --"');
    expect(quoteQualified('My Schema', 'T')).toBe('"My Schema"."T"');
    expect(quoteQualified(null, 'T')).toBe('"T"');
  });
});

describe('a parameter', () => {
  it('stands in the text as its place and its type alone', () => {
    const parameters = new Parameters();
    expect(parameters.add("'; DROP TABLE x", 'text')).toBe('$1::text');
    expect(parameters.add(null, 'int4[]')).toBe('$2::int4[]');
    expect(parameters.values).toEqual(["'; DROP TABLE x", null]);
  });

  it.each([
    ['int4', 'int4'],
    ['varchar(12)', 'varchar'],
    ['numeric(10,2)', 'numeric'],
    ['timestamp(3)', 'timestamp'],
    ['timestamptz(6)', 'timestamptz'],
    ['char(2)', 'bpchar'],
    ['bit', '"bit"'],
    ['bit(4)', '"bit"'],
    ['"zoo"."mood(3)"', '"zoo"."mood(3)"'],
  ])('for a column of %s is of type %s, which neither cuts nor rounds', (pgType, type) => {
    expect(toParameterType(pgType)).toBe(type);
  });
});
