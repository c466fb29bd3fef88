import { didYouMean, findNearest } from '../../src/kernel/suggestion.js';

const KNOWN = ['createdAt', 'updatedAt', 'name'];

describe('Suggesting a known name', () => {
  it('finds the nearest, whatever its case', () => {
    expect(findNearest('createdat', KNOWN)).toBe('createdAt');
    expect(findNearest('craetedAt', KNOWN)).toBe('createdAt');
    expect(findNearest('nmae', KNOWN)).toBe('name');
  });

  it('takes the first of two that are equally near', () => {
    expect(findNearest('nam', ['name', 'nami'])).toBe('name');
  });

  it('finds nothing where nothing is near', () => {
    expect(findNearest('price', KNOWN)).toBeNull();
    expect(findNearest('x', [])).toBeNull();
  });

  it('reads as the end of a sentence, or is nothing', () => {
    expect(didYouMean('nmae', KNOWN)).toBe(' (did you mean "name"?)');
    expect(didYouMean('price', KNOWN)).toBe('');
  });
});
