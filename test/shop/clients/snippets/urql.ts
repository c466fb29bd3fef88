import { type Client, cacheExchange, createClient, fetchExchange } from '@urql/core';

export interface ShopClientOptions {
  readonly url: string;
  /** A bearer token; without one the viewer is a guest. */
  readonly token?: string;
  /** `force`: queries go out by GET, whatever their length. Mutations never do. */
  readonly preferGetMethod?: boolean | 'force';
  readonly fetch?: typeof fetch;
}

export function createShopClient({ url, token, preferGetMethod, fetch }: ShopClientOptions): Client {
  return createClient({
    url,
    exchanges: [cacheExchange, fetchExchange],
    preferGetMethod: preferGetMethod ?? false,
    fetch,
    fetchOptions: { headers: token === undefined ? undefined : { authorization: `Bearer ${token}` } },
  });
}
