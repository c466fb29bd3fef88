/** Titles and texts of reviews by rating, 1 to 5. See `fillIn` for `{thing}`. */
export interface ReviewWords {
  readonly titles: readonly string[];
  readonly openings: readonly string[];
  readonly verdicts: readonly string[];
}

export const REVIEW_WORDS: Readonly<Record<number, ReviewWords>> = {
  1: {
    titles: [
      'Sent it back',
      'Not what I ordered',
      'Broken on arrival',
      'Disappointed',
      'Avoid',
      'Did not last a month',
    ],
    openings: [
      'I had high hopes for this {thing}, and none of them came true.',
      'The {thing} arrived with a crack, and the replacement did too.',
      'After three weeks the {thing} gave up.',
      'The pictures flatter this {thing} a great deal.',
      'I have had cheaper ones that were better made.',
    ],
    verdicts: [
      'I asked for my money back.',
      'At this price I expected far more.',
      'At least the refund was quick.',
      'I would not buy it again.',
    ],
  },
  2: {
    titles: ['Could be better', 'Expected more', 'Nice idea, poor finish', 'Not for me', 'Meh'],
    openings: [
      'The idea behind this {thing} is good; the making of it is not.',
      'It works, but the {thing} feels cheaper than it looks.',
      'Mine came with parts missing, which took two weeks to sort out.',
      'I wanted to like this {thing} more than I do.',
      'It is smaller than I thought, though the measures were on the page.',
    ],
    verdicts: [
      'I keep it only because sending it back is such a bother.',
      'It will do until I find a better one.',
      'With a little more care it could have been fine.',
      'My neighbour has a better one for half the price.',
    ],
  },
  3: {
    titles: [
      'It is all right',
      'Does the job',
      'Fair for the price',
      'Good and bad',
      'Solid, not exciting',
      'Mixed feelings',
    ],
    openings: [
      'A decent {thing}, no more and no less.',
      'The {thing} does what it says, with a few rough edges.',
      'Half of the family likes this {thing}, the other half does not.',
      'It took some getting used to.',
      'Delivery was slow, the {thing} itself is fine.',
    ],
    verdicts: [
      'For the price I can not complain.',
      'I might try another one next time.',
      'It is good enough for the weekend.',
      'Ask me again in a year.',
    ],
  },
  4: {
    titles: [
      'Very good',
      'Happy with it',
      'Nearly perfect',
      'Well made',
      'Good value',
      'Would buy again',
      'A pleasant surprise',
      'Better than the last one',
    ],
    openings: [
      'This {thing} is well made and was well packed.',
      'We have used the {thing} every day for a month now.',
      '{A thing} that feels right from the first day.',
      'I looked for a long time before I chose this {thing}.',
      'It replaces {a thing} that served us for ten years, and it is the better one.',
      'Bought as a present, and then bought once more for myself.',
    ],
    verdicts: [
      'One star off because the box was far too large.',
      'A little more choice of colours would make it perfect.',
      'I would buy it again.',
      'Only the instructions could be clearer.',
      'It does just what I hoped for.',
    ],
  },
  5: {
    titles: [
      'Perfect',
      'Love it',
      'Exactly right',
      'Beautiful',
      'Worth every cent',
      'Could not be happier',
      'The best I have had',
      'A joy to use',
      'Highly recommended',
      'Made to last',
    ],
    openings: [
      'I have never had a better {thing}.',
      'This {thing} makes me smile every morning.',
      'You can tell that somebody who cares has made this {thing}.',
      'Everybody who sees our new {thing} asks where it is from.',
      'It came a day early, and it is even nicer than in the pictures.',
      'I bought this {thing} two years ago and it looks as it did on the first day.',
      'My old {thing} goes to the attic; this one stays.',
    ],
    verdicts: [
      'Buy it, you will not regret it.',
      'I have already ordered a second one.',
      'It is worth every cent.',
      'I hope they never stop making it.',
      'Five stars, and I do not give them away lightly.',
    ],
  },
};

/** What a review may say in between, whatever the rating. */
export const REVIEW_ASIDES = [
  'I use it nearly every day.',
  'It was easy to put together.',
  'The colour is a little darker than on my screen.',
  'It came well packed, without any plastic.',
  'My children use it more than I do.',
  'It is heavier than I thought.',
  'The material feels good.',
  'Customer service answered within the hour.',
  'It fits into the corner where the old one was.',
  'I measured twice, and it fits.',
  'It is quieter than my old one.',
  'The finish shows fingerprints.',
  'It smelled of varnish for a day or two.',
  'I washed it once, and nothing happened to it.',
] as const;
