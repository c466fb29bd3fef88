import fc from 'fast-check';
import { formatArrayText, parseArrayText } from '../../../src/model/sql/array-text.js';

describe('the text of an array', () => {
  it('is read as it was written, whatever the elements', () => {
    const element = fc.option(
      fc.oneof(fc.string(), fc.constantFrom('NULL', '', '{', '}', ',', '"', '\\', 'a"b\\')),
    );
    fc.assert(
      fc.property(fc.array(element), (elements) => {
        expect(parseArrayText(formatArrayText(elements))).toEqual(elements);
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.array(element)), (elements) => {
        expect(parseArrayText(formatArrayText(elements))).toEqual(elements);
      }),
    );
  });

  it('may have bounds, bare elements and NULL', () => {
    expect(parseArrayText('[0:2]={a,NULL,"NULL"}')).toEqual(['a', null, 'NULL']);
    expect(parseArrayText('{{1,2},{3,4}}')).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
    expect(parseArrayText('{}')).toEqual([]);
  });

  it.each(['', 'a', '{', '{a', '{"a', '{"a"b}', '{a}b', '[0:1]', '{"a\\'])(
    'that is cut or wrong is refused: %s',
    (text) => {
      expect(() => parseArrayText(text)).toThrow(SyntaxError);
    },
  );
});
