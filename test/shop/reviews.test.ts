import { deleteProduct } from '../../src/shop/product/delete-product.js';
import { recordReview } from '../../src/shop/review/record-review.js';
import { reviseReview } from '../../src/shop/review/revise-review.js';
import { withdrawReview } from '../../src/shop/review/withdraw-review.js';
import { createProduct, createUser, createUsers } from './fixtures.js';
import { globalId, openShop, type ShopWorld, STAFF, signedIn } from './shop-world.js';

const NOBODY = 2_147_483_647;

let shop: ShopWorld;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const CREATE = `mutation ($input: CreateReviewInput!) { createReview(input: $input) {
  review { id rating title body author { id name } product { id ratingCount averageRating } } } }`;
const UPDATE = `mutation ($input: UpdateReviewInput!) { updateReview(input: $input) {
  review { rating title body product { ratingCount averageRating } } } }`;
const DELETE = `mutation ($id: ID!) { deleteReview(input: { id: $id }) {
  deletedReviewId product { ratingCount averageRating reviewsCount } } }`;

const newReview = (userId: number, productId: number, rating = 4) => ({
  userId,
  productId,
  rating,
  title: 'Good',
  body: 'Holds.',
});

/** The tally that the product's row has, beside the one that its reviews make. */
async function tallies(productId: number) {
  const product = await shop.prisma.product.findUniqueOrThrow({ where: { id: productId } });
  const reviews = await shop.prisma.review.findMany({ where: { productId } });
  return {
    kept: [product.ratingSum, product.ratingCount],
    counted: [reviews.reduce((sum, review) => sum + review.rating, 0), reviews.length],
  };
}

describe('a review', () => {
  it('is written, changed and deleted by its author, each answer with the rating counted in', async () => {
    const { prisma } = shop;
    const userId = await createUser(prisma, 'Grace');
    const productId = await createProduct(prisma);
    const viewer = signedIn(userId);
    const input = { productId: globalId('Product', productId), rating: 5, title: ' Fine ', body: 'Solid.' };
    const created = await shop.ask(CREATE, { variables: { input }, viewer });
    const { id } = created.data.createReview.review;
    expect(created.data.createReview.review).toEqual({
      id,
      rating: 5,
      title: 'Fine',
      body: 'Solid.',
      author: { id: globalId('User', userId), name: 'Grace' },
      product: { id: input.productId, ratingCount: 1, averageRating: 5 },
    });
    const changed = await shop.ask(UPDATE, { variables: { input: { id, rating: 2 } }, viewer });
    expect(changed.data.updateReview.review).toEqual({
      rating: 2,
      title: 'Fine',
      body: 'Solid.',
      product: { ratingCount: 1, averageRating: 2 },
    });
    const retitled = await shop.ask(UPDATE, {
      variables: { input: { id, title: 'Poor', body: 'Wobbles.' } },
      viewer,
    });
    expect(retitled.data.updateReview.review).toMatchObject({ rating: 2, title: 'Poor', body: 'Wobbles.' });
    const deleted = await shop.ask(DELETE, { variables: { id }, viewer });
    expect(deleted.data.deleteReview).toEqual({
      deletedReviewId: id,
      product: { ratingCount: 0, averageRating: null, reviewsCount: 0 },
    });
    expect((await shop.ask('query ($id: ID!) { node(id: $id) { id } }', { variables: { id } })).data).toEqual(
      {
        node: null,
      },
    );
  });

  it('stays as it is under a change of nothing', async () => {
    const { prisma } = shop;
    const userId = await createUser(prisma);
    const productId = await createProduct(prisma);
    const { id } = await recordReview(prisma, newReview(userId, productId));
    const before = await prisma.review.findUniqueOrThrow({ where: { id } });
    await reviseReview(prisma, id, { changes: {}, reviser: { userId, isStaff: false } });
    expect(await prisma.review.findUniqueOrThrow({ where: { id } })).toEqual(before);
  });

  it('can be changed and deleted by the staff, and by nobody else', async () => {
    const { prisma } = shop;
    const [author, other] = [await createUser(prisma), await createUser(prisma)];
    const productId = await createProduct(prisma);
    const { id: key } = await recordReview(prisma, newReview(author, productId, 3));
    const id = globalId('Review', key);
    const forbidden = [{ code: 'FORBIDDEN', inputPath: ['input', 'id'] }];
    const asOther = { variables: { input: { id, rating: 1 }, id }, viewer: signedIn(other) };
    expect((await shop.ask(UPDATE, asOther)).faults).toMatchObject(forbidden);
    expect((await shop.ask(DELETE, asOther)).faults).toMatchObject(forbidden);
    expect(await tallies(productId)).toEqual({ kept: [3, 1], counted: [3, 1] });
    const asStaff = { variables: { input: { id, rating: 4 }, id }, viewer: STAFF };
    expect((await shop.ask(UPDATE, asStaff)).faults).toEqual([]);
    expect((await shop.ask(DELETE, { ...asStaff, variables: { id } })).faults).toEqual([]);
    expect(await tallies(productId)).toEqual({ kept: [0, 0], counted: [0, 0] });
  });

  it('that does not exist is not found', async () => {
    const id = globalId('Review', NOBODY);
    const missing = [{ code: 'NOT_FOUND', inputPath: ['input', 'id'] }];
    expect((await shop.ask(UPDATE, { variables: { input: { id } }, viewer: STAFF })).faults).toMatchObject(
      missing,
    );
    expect((await shop.ask(DELETE, { variables: { id }, viewer: STAFF })).faults).toMatchObject(missing);
  });

  it('is one per customer and product', async () => {
    const { prisma } = shop;
    const userId = await createUser(prisma);
    const productId = await createProduct(prisma);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 6 }, () => recordReview(prisma, newReview(userId, productId))),
    );
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') continue;
      expect(outcome.reason).toMatchObject({ code: 'CONFLICT', inputPath: ['input', 'productId'] });
    }
    expect(await tallies(productId)).toEqual({ kept: [4, 1], counted: [4, 1] });
  });

  it('of nothing, or by nobody, is refused', async () => {
    const { prisma } = shop;
    await expect(recordReview(prisma, newReview(await createUser(prisma), NOBODY))).rejects.toMatchObject({
      code: 'NOT_FOUND',
      inputPath: ['input', 'productId'],
    });
    const productId = await createProduct(prisma);
    await expect(recordReview(prisma, newReview(NOBODY, productId))).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    expect(await tallies(productId)).toEqual({ kept: [0, 0], counted: [0, 0] });
  });
});

describe("a product's tally of ratings", () => {
  it('is right when many write, change and delete reviews at a time', async () => {
    const { prisma } = shop;
    const productId = await createProduct(prisma);
    const users = await createUsers(prisma, 18);
    const work = users.map(async (userId, index) => {
      const reviser = { userId, isStaff: false };
      const { id } = await recordReview(prisma, newReview(userId, productId, (index % 5) + 1));
      if (index % 3 === 0) return;
      await Promise.all([
        reviseReview(prisma, id, { changes: { rating: 1 }, reviser }),
        reviseReview(prisma, id, { changes: { rating: 5 }, reviser }),
      ]);
      if (index % 3 === 2) await withdrawReview(prisma, id, reviser);
    });
    await Promise.all(work);
    const { kept, counted } = await tallies(productId);
    expect(kept).toEqual(counted);
    expect(counted[1]).toBe(12);
  });

  it('counts a review once that is deleted twice, and changed meanwhile', async () => {
    const { prisma } = shop;
    const productId = await createProduct(prisma);
    const [stays, goes] = await createUsers(prisma, 2);
    await recordReview(prisma, newReview(stays!, productId, 2));
    const { id } = await recordReview(prisma, newReview(goes!, productId, 5));
    const reviser = { userId: goes!, isStaff: false };
    const outcomes = await Promise.allSettled([
      withdrawReview(prisma, id, reviser),
      reviseReview(prisma, id, { changes: { rating: 1 }, reviser }),
      withdrawReview(prisma, id, reviser),
    ]);
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'NOT_FOUND' });
    expect(refused.length).toBeGreaterThanOrEqual(1);
    expect(await tallies(productId)).toEqual({ kept: [2, 1], counted: [2, 1] });
  });

  it('takes along nothing and nobody when the product is deleted meanwhile', async () => {
    const { prisma } = shop;
    for (let round = 0; round < 3; round++) {
      const productId = await createProduct(prisma);
      const users = await createUsers(prisma, 8);
      const [deletion, ...reviews] = await Promise.allSettled([
        deleteProduct(prisma, productId),
        ...users.map((userId) => recordReview(prisma, newReview(userId, productId))),
      ]);
      expect(deletion).toMatchObject({ status: 'fulfilled' });
      for (const review of reviews) {
        if (review.status === 'rejected') expect(review.reason).toMatchObject({ code: 'NOT_FOUND' });
      }
      expect(await prisma.review.count({ where: { productId } })).toBe(0);
    }
  });
});
