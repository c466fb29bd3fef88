import { badUserInput } from '../../index.js';

/** How long a text may be, in Unicode code points, as PostgreSQL's char_length counts them. */
export interface TextBounds {
  readonly min: number;
  readonly max: number;
}

type InputPath = readonly (string | number)[];

/** The text without white space around it. @throws `BAD_USER_INPUT` where it is too short, too long or no text. */
export function parseText(path: InputPath, value: string, bounds: TextBounds): string {
  // PostgreSQL's text can't hold U+0000, and half of a surrogate pair would silently become another character.
  if (value.includes('\0')) throw badUserInput(path, 'must not contain the character U+0000');
  if (/\p{Surrogate}/u.test(value)) throw badUserInput(path, 'must be well-formed Unicode text');
  const text = value.trim();
  const length = [...text].length;
  if (length < bounds.min)
    throw badUserInput(
      path,
      bounds.min === 1 ? 'must not be empty' : `must have at least ${bounds.min} characters`,
    );
  if (length > bounds.max) throw badUserInput(path, `must have at most ${bounds.max} characters`);
  return text;
}

const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const MAX_SLUG_LENGTH = 100;

/** A name for an address: `oak-desk-2`. */
export function parseSlug(path: InputPath, value: string): string {
  if (value.length > MAX_SLUG_LENGTH)
    throw badUserInput(path, `must have at most ${MAX_SLUG_LENGTH} characters`);
  if (!SLUG.test(value))
    throw badUserInput(path, 'must consist of lower-case letters, digits and single hyphens between them');
  return value;
}
