import { gql } from '@apollo/client';

export const PRODUCTS = gql`
  query Products($categoryId: ID!, $first: Int, $after: String, $last: Int, $before: String) {
    products(
      filter: { categoryId: { eq: $categoryId } }
      orderBy: [{ field: CREATED_AT }]
      first: $first
      after: $after
      last: $last
      before: $before
    ) {
      edges { cursor node { id name } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`;
