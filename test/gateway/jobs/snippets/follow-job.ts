import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

export async function followJob(url: string, id: string, token: string): Promise<unknown> {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
  });
  let last: unknown = null;
  const query =
    'subscription ($id: ID!) { jobUpdated(id: $id) { state progress ... on HerdsJob { result { animals } } } }';
  for await (const { data } of client.iterate({ query, variables: { id } })) last = data?.jobUpdated;
  await client.dispose();
  return last;
}
