export interface ShopError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  /** `inputPath` leads to the faulty value, beginning with an argument's or a variable's name. */
  readonly extensions: { readonly code: string; readonly inputPath?: readonly (string | number)[] };
}

export async function askShop<Data>(
  url: string,
  query: string,
  variables: object = {},
): Promise<{ readonly data?: Data | null; readonly errors?: readonly ShopError[] }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as { data?: Data | null; errors?: ShopError[] };
}
