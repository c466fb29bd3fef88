import { Turns } from '../../../src/shop/account/turns.js';

/** Work that runs until it is told to end. */
function createWork(turns: Turns, begun: string[], name: string) {
  let end = (_error?: Error): void => {};
  const held = new Promise<void>((resolve, reject) => {
    end = (error) => (error === undefined ? resolve() : reject(error));
  });
  const done = turns.run(async () => {
    begun.push(name);
    await held;
    return name;
  });
  return { done, end: (error?: Error) => end(error) };
}

describe('Turns', () => {
  it('let so many run as there are places, and the next when one has ended', async () => {
    const turns = new Turns(2);
    const begun: string[] = [];
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => createWork(turns, begun, name));
    expect(begun).toEqual(['a', 'b']);
    b!.end();
    expect(await b!.done).toBe('b');
    expect(begun).toEqual(['a', 'b', 'c']);
    for (const work of [a, c, d]) work!.end();
    expect(await Promise.all([a!.done, c!.done, d!.done])).toEqual(['a', 'c', 'd']);
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
  });

  it('go on after work that failed', async () => {
    const turns = new Turns(1);
    const begun: string[] = [];
    const failing = createWork(turns, begun, 'failing');
    const next = createWork(turns, begun, 'next');
    failing.end(new Error('broken'));
    await expect(failing.done).rejects.toThrow('broken');
    next.end();
    expect(await next.done).toBe('next');
    expect(await turns.run(async () => 'last')).toBe('last');
  });
});
