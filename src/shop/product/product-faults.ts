import { SluiceError } from '../../index.js';

/** The fault of an input that names a product which is not there. */
export function productNotFound(inputPath: readonly (string | number)[]): SluiceError {
  return new SluiceError('NOT_FOUND', `There is no product with the id in ${inputPath.join('.')}.`, {
    inputPath,
  });
}
