import type { ExampleQuery } from '../index.js';

/** Queries worth trying first: the first is the banner's, and all are GraphiQL's tabs. */
export const examples: readonly ExampleQuery[] = [
  {
    name: 'Featured categories',
    query: `query FeaturedCategories {
  categories(filter: { isFeatured: { eq: true } }, first: 2) {
    name
    products(first: 2) {
      nodes {
        name
        price
        averageRating
        reviews(first: 1) {
          nodes {
            rating
            title
            author {
              name
            }
          }
        }
      }
    }
  }
}`,
  },
  {
    name: 'A page of products',
    query: `query Products($after: String) {
  products(first: 5, after: $after, orderBy: [{ field: PRICE }]) {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    edges {
      cursor
      node {
        id
        slug
        name
        price
        category {
          name
        }
      }
    }
  }
}`,
    variables: { after: null },
  },
  {
    name: 'Search',
    query: `query Search($text: String!) {
  searchProducts(text: $text, first: 5) {
    totalCount
    nodes {
      name
      description
    }
  }
}`,
    variables: { text: 'lamp or table' },
  },
  {
    name: 'Filters',
    query: `query WellRated {
  products(
    first: 5
    filter: {
      isPublished: { eq: true }
      price: { gte: "20", lt: "50" }
      reviews: { some: { rating: { eq: 5 } } }
    }
  ) {
    nodes {
      name
      price
      reviewsAggregate {
        count
        avg {
          rating
        }
      }
    }
  }
}`,
  },
  {
    name: 'A guest fills a cart',
    query: `mutation AddToCart($input: AddToCartInput!) {
  addToCart(input: $input) {
    cart {
      id
      items {
        quantity
        product {
          name
          price
        }
      }
    }
  }
}`,
    variables: { input: { productId: 'UHJvZHVjdDox', quantity: 2 } },
  },
];
