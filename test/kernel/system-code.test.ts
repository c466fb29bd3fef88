import { readFileSync } from 'node:fs';
import { findSystemCode } from '../../src/kernel/system-code.js';

describe('findSystemCode', () => {
  it('finds the code of an error of Node', () => {
    let error: unknown;
    try {
      readFileSync('/nowhere/at/all');
    } catch (caught) {
      error = caught;
    }
    expect(findSystemCode(error)).toBe('ENOENT');
  });

  it.each([[null], [undefined], ['ENOENT'], [new Error('plain')], [{ code: 7 }]])(
    'finds none in %p',
    (value) => {
      expect(findSystemCode(value)).toBeNull();
    },
  );
});
