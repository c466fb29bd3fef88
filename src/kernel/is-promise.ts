/** Whether something is still to come: of what may be given at once or later. */
export function isPromise<Value>(given: Value | Promise<Value>): given is Promise<Value> {
  return typeof given === 'object' && given !== null && 'then' in given && typeof given.then === 'function';
}
