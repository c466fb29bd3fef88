import type { ShelfCategory } from './category-tree.js';
import { RowRandom } from './row-random.js';
import { toSlug } from './slug.js';
import { OPENINGS, SERIES } from './words/product-words.js';
import { fillIn, toThing } from './words/thing.js';

export interface ProductTexts {
  readonly slug: string;
  readonly name: string;
  /** What it is, in the middle of a sentence: `writing desk`. */
  readonly thing: string;
  readonly description: string;
}

/** What is written of a product. The slug ends in the id, as several products may have one name. */
export function writeProduct(id: number, { department, group, shelf }: ShelfCategory): ProductTexts {
  const random = new RowRandom('productText', id);
  const series = random.pick(SERIES);
  const material = random.pick(group.materials);
  const noun = random.pick(shelf[1]);
  const name = `${series} ${material} ${noun}`;
  const opening = fillIn(random.pick(OPENINGS), toThing(noun, material)).replace('{series}', series);
  const traits = `${random.pick(group.traits)} and ${random.pick(department.traits)}`;
  const [first, second] = random.chance(0.5) ? [group, department] : [department, group];
  const uses = `${random.pick(first.uses)} ${random.pick(second.uses)}`;
  return {
    slug: `${toSlug(name)}-${id}`,
    name,
    thing: toThing(noun),
    description: `${opening} It comes with ${traits}. ${uses}`,
  };
}
