import fc from 'fast-check';
import { decodeArguments, encodeArguments } from '../../src/jobs/job-arguments.js';

describe('a job’s arguments', () => {
  it('come back exactly', () => {
    const anything = fc.anything({
      withDate: true,
      withBigInt: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
    });
    fc.assert(
      fc.property(anything, (value) => {
        const args = { value };
        expect(decodeArguments(encodeArguments(args))).toEqual(args);
      }),
    );
  });

  it('can be read by people where JSON can say them', () => {
    expect(encodeArguments({ range: { from: '2026-01-01' }, first: 10 })).toBe(
      '{"range":{"from":"2026-01-01"},"first":10}',
    );
    expect(encodeArguments({ big: 1n })).toMatch(/^v8:/);
    expect(encodeArguments({ gone: undefined })).toMatch(/^v8:/);
  });
});
