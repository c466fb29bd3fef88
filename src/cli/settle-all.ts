type Settled<Work extends readonly Promise<unknown>[]> = { -readonly [K in keyof Work]: Awaited<Work[K]> };

/** Like Promise.all, but a failure waits for the rest: nothing is left running that nobody knows of. */
export async function settleAll<const Work extends readonly Promise<unknown>[]>(
  work: Work,
): Promise<Settled<Work>> {
  await Promise.allSettled(work);
  return (await Promise.all(work)) as Settled<Work>;
}
