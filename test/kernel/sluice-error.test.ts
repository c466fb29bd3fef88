import { ERROR_CODES } from '../../src/kernel/error-codes.js';
import { badUserInput, SluiceError } from '../../src/kernel/sluice-error.js';

describe('Foreseen errors', () => {
  it('have a code, and a hint and a cause where there is one', () => {
    const cause = new Error('why');
    const error = new SluiceError('PORT_TAKEN', 'Port 4000 is taken', { hint: 'Choose another', cause });
    expect(error).toMatchObject({ name: 'SluiceError', code: 'PORT_TAKEN', hint: 'Choose another', cause });
    expect('cause' in new SluiceError('PORT_TAKEN', 'x')).toBe(false);
  });

  it('name the input at fault by its path', () => {
    expect(badUserInput(['input', 'lines', 2, 'amount'], 'must be above 0')).toMatchObject({
      code: 'BAD_USER_INPUT',
      message: 'input.lines.2.amount must be above 0',
      inputPath: ['input', 'lines', 2, 'amount'],
    });
    expect(badUserInput([], 'Nothing was given').message).toBe('Nothing was given');
  });

  it('have codes with a status each', () => {
    for (const [code, status] of Object.entries(ERROR_CODES)) {
      expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
      expect(status === 200 || (status >= 400 && status < 600)).toBe(true);
    }
  });
});
