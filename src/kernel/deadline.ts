/**
 * What the promise gives, unless that takes longer; it goes on all the same, and nobody hears how it ended.
 *
 * @throws what `fault` makes
 */
export function withDeadline<Value>(
  promise: Promise<Value>,
  deadlineMs: number,
  fault: () => Error,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      // Where it is this process that was busy, the answer may have arrived and only wants reading.
      setImmediate(() => reject(fault()));
    }, deadlineMs);
    promise.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
