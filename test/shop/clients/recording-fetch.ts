/** A request that a client made, as the server was asked. */
export interface RecordedRequest {
  readonly method: string;
  /** What was sent, whether in the body or in the URL. */
  readonly query: string | undefined;
  readonly hash: string | undefined;
}

export interface RecordingFetch {
  readonly fetch: typeof fetch;
  /** In the order sent. */
  readonly requests: RecordedRequest[];
}

/** The real `fetch`, which keeps what clients sent through it. */
export function recordFetch(): RecordingFetch {
  const requests: RecordedRequest[] = [];
  return {
    requests,
    async fetch(input, init) {
      const url = new URL(input instanceof Request ? input.url : input);
      const sent =
        typeof init?.body === 'string' ? JSON.parse(init.body) : Object.fromEntries(url.searchParams);
      const extensions = typeof sent.extensions === 'string' ? JSON.parse(sent.extensions) : sent.extensions;
      requests.push({
        method: init?.method ?? 'GET',
        query: sent.query,
        hash: extensions?.persistedQuery?.sha256Hash,
      });
      return fetch(input, init);
    },
  };
}
