/** Thrown while an operation is compiled: something in it, named by `what`, is for graphql-js. */
export class Uncompilable extends Error {
  override readonly name = 'Uncompilable';

  constructor(readonly what: string) {
    super(`${what} is not compiled`);
  }
}
