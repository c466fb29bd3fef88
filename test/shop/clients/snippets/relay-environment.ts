import { Environment, type GraphQLResponse, Network, RecordSource, Store } from 'relay-runtime';

export function createShopEnvironment(url: string, token?: string): Environment {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  return new Environment({
    network: Network.create(async ({ text }, variables) => {
      const body = JSON.stringify({ query: text, variables });
      const response = await fetch(url, { method: 'POST', headers, body });
      return (await response.json()) as GraphQLResponse;
    }),
    store: new Store(new RecordSource()),
  });
}
