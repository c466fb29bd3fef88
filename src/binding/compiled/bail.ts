/**
 * Thrown by compiled code that has met something it doesn't answer itself: a value that its scalar refuses, a null
 * where none may be, a list beyond its bound. graphql-js then runs the operation and words the errors.
 */
export class Bail extends Error {
  override readonly name = 'Bail';
}

/** Made once: bailing out is control flow, and a stack trace would cost more than the answer. */
export const BAIL = new Bail('This operation is for graphql-js');
