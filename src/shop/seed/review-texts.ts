import { RowRandom } from './row-random.js';
import { REVIEW_ASIDES, REVIEW_WORDS } from './words/review-words.js';
import { fillIn } from './words/thing.js';

/** What a review says; `thing` is what the product is in the middle of a sentence. */
export function writeReview(
  id: number,
  rating: number,
  thing: string,
): { readonly title: string; readonly body: string } {
  const random = new RowRandom('reviewText', id);
  const words = REVIEW_WORDS[rating];
  if (words === undefined) throw new RangeError(`There are no words for a rating of ${rating}.`);
  const asides = new Set(Array.from({ length: random.integer(0, 2) }, () => random.pick(REVIEW_ASIDES)));
  const sentences = [random.pick(words.openings), ...asides, random.pick(words.verdicts)];
  return { title: random.pick(words.titles), body: fillIn(sentences.join(' '), thing) };
}
