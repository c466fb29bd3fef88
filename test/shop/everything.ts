/** Every field of `Query` and every field of every type that it leads to. A test holds it to that. */
export const EVERYTHING = `
query Everything($categoryId: ID!, $productId: ID!, $slug: String!, $userId: ID!, $orderId: ID!, $reviewId: ID!, $cartId: UUID!) {
  node(id: $reviewId) { __typename id ... on Review { ...review } }
  nodes(ids: [$productId, $userId]) { __typename id }
  category(id: $categoryId) {
    id slug name description sortOrder isFeatured
    parent { slug }
    children { slug parent { slug } }
    products { totalCount nodes { slug } edges { cursor node { slug } } pageInfo { ...page } }
    productsCount
  }
  categories(filter: { id: { eq: $categoryId } }) { id }
  product(slug: $slug) {
    id slug name description price stock isPublished viewCount ratingCount averageRating createdAt
    category { id }
    images { id url alt position }
    reviews(first: 1) { totalCount nodes { ...review } edges { cursor node { ...review } } pageInfo { ...page } }
    reviewsCount
    reviewsAggregate { count avg { rating } min { rating createdAt } max { rating createdAt } }
  }
  products(filter: { id: { eq: $productId } }) { totalCount nodes { id } edges { cursor node { id } } pageInfo { ...page } }
  searchProducts(text: "everythingish") { totalCount nodes { id } }
  user(id: $userId) {
    id name createdAt
    reviews { totalCount nodes { id } }
    reviewsCount
    orders { totalCount nodes { id } edges { cursor node { id } } pageInfo { ...page } }
  }
  order(id: $orderId) {
    id status placedAt total
    customer { id }
    items { quantity unitPrice product { id } }
  }
  cart(id: $cartId) {
    id createdAt itemsCount
    items { quantity addedAt product { id } }
  }
}
fragment review on Review { id rating title body createdAt product { id } author { id name } }
fragment page on PageInfo { hasNextPage hasPreviousPage startCursor endCursor }`;
