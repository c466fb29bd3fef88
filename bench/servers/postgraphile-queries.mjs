// The workloads in PostGraphile's own names; aliases give the answers the others' names.
const CATEGORY = 'category { id: rowId name }';
const newest = (count) => `reviews: reviewsList(first: ${count}, orderBy: [CREATED_AT_DESC, ROW_ID_DESC])`;
const list = (name, selection) => `query ${name}($first: Int!) {
  products: productsList(first: $first, orderBy: [ROW_ID_ASC]) ${selection}
}`;
const LIST = (name, extra = '') =>
  list(name, `{ id: rowId name price ${extra} ${CATEGORY} ${newest(3)} { rating author: user { name } } }`);
const WRITES = `${newest(2)} { rating`;

export const POSTGRAPHILE_QUERIES = {
  list: LIST('List'),
  rows: LIST('List'),
  mixed: LIST('Mixed', 'label'),
  detail: `query Detail($id: Int!) {
  product(rowId: $id) {
    id: rowId name price ${CATEGORY} ${newest(5)} { rating body author: user { id: rowId name } }
  }
}`,
  deep: `query Deep($id: Int!) {
  category(rowId: $id) {
    id: rowId
    name
    products: productsList(first: 10, orderBy: [ROW_ID_ASC]) {
      id: rowId name price
      ${newest(3)} { rating title author: user { id: rowId name ${WRITES} title } } }
    }
  }
}`,
  page: `query Page($first: Int!, $after: Cursor) {
  productPage: products(first: $first, after: $after, orderBy: [ROW_ID_ASC]) {
    edges { cursor node { id: rowId name price ${CATEGORY} } }
    pageInfo { hasNextPage endCursor }
  }
}`,
  wide: list(
    'Wide',
    `{
    id: rowId slug name description price stock isPublished viewCount ratingSum ratingCount createdAt categoryId
  }`,
  ),
  depth1: list('Depth1', '{ id: rowId name }'),
  depth2: list('Depth2', `{ id: rowId name ${newest(3)} { rating } }`),
  depth3: list('Depth3', `{ id: rowId name ${newest(3)} { rating author: user { name } } }`),
  depth4: list('Depth4', `{ id: rowId name ${newest(3)} { rating author: user { name ${WRITES} } } } }`),
  depth5: list(
    'Depth5',
    `{ id: rowId name ${newest(3)} { rating author: user { name ${WRITES} product { name } } } } }`,
  ),
};
