/** A `fetch` for one user's session: what it has written is seen by what it reads, whichever node answers. */
export function createSessionFetch(fetch = globalThis.fetch): typeof globalThis.fetch {
  let position: string | null = null;
  return async (input, init) => {
    const headers = new Headers(init?.headers);
    if (position !== null) headers.set('sluice-position', position);
    const response = await fetch(input, { ...init, headers });
    // Only answers to operations that may have written have one.
    position = response.headers.get('sluice-position') ?? position;
    return response;
  };
}
