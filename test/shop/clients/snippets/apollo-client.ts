import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';

export interface ShopClientOptions {
  readonly uri: string;
  /** A bearer token; without one the viewer is a guest. */
  readonly token?: string;
  /** Links to go through first, such as persisted queries. */
  readonly before?: ApolloLink;
  readonly fetch?: typeof fetch;
}

/** Which types implement an interface, for fragments on it. */
export const POSSIBLE_TYPES = {
  Node: ['Category', 'Order', 'Product', 'ProductImage', 'Review', 'User'],
};

export function createShopClient({ uri, token, before, fetch }: ShopClientOptions): ApolloClient {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const http = new HttpLink({ uri, headers, fetch });
  // Objects are kept by `__typename` and `id`, which is unique: nothing needs to be said about keys.
  const cache = new InMemoryCache({
    possibleTypes: POSSIBLE_TYPES,
    typePolicies: {
      Query: { fields: { products: relayStylePagination(['filter', 'orderBy']) } },
      Product: { fields: { reviews: relayStylePagination(['filter', 'orderBy']) } },
    },
  });
  return new ApolloClient({ cache, link: before === undefined ? http : ApolloLink.from([before, http]) });
}
