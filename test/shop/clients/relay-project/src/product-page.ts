import { graphql } from 'relay-runtime';

/** A page of a front end: never imported by a test, but compiled by the Relay compiler as a whole. */
export const query = graphql`
  query productPageQuery($slug: String!) {
    product(slug: $slug) {
      id
      ...productPage_card
      ...productPage_reviews @arguments(count: 3)
    }
  }
`;

export const card = graphql`
  fragment productPage_card on Product @refetchable(queryName: "productPageCardQuery") {
    name
    price
    category {
      name
    }
  }
`;

export const reviews = graphql`
  fragment productPage_reviews on Product
  @argumentDefinitions(count: { type: "Int", defaultValue: 10 }, cursor: { type: "String" })
  @refetchable(queryName: "productPageReviewsQuery") {
    reviewsCount
    reviews(first: $count, after: $cursor) @connection(key: "productPage_reviews") {
      __id
      edges {
        node {
          id
          title
        }
      }
    }
  }
`;

export const anyNode = graphql`
  query productPageNodeQuery($id: ID!) {
    node(id: $id) {
      __typename
      id
      ...productPage_card @alias(as: "card")
    }
  }
`;

export const createReview = graphql`
  mutation productPageCreateReviewMutation($input: CreateReviewInput!, $connections: [ID!]!) {
    createReview(input: $input) {
      review @prependNode(connections: $connections, edgeTypeName: "ReviewEdge") {
        id
        title
        product {
          reviewsCount
        }
      }
    }
  }
`;

export const deleteReview = graphql`
  mutation productPageDeleteReviewMutation($input: DeleteReviewInput!, $connections: [ID!]!) {
    deleteReview(input: $input) {
      deletedReviewId @deleteEdge(connections: $connections)
      product {
        reviewsCount
      }
    }
  }
`;

/** Relay's updatable queries write to the store through this shape. */
export const updatable = graphql`
  query productPageUpdatableQuery($slug: String!) @updatable {
    product(slug: $slug) {
      name
    }
  }
`;
