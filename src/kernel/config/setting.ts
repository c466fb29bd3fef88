import { z } from 'zod';
import type { Config } from './config.js';
import { EXPECTED_REDIS_URL, readRedisUrl } from './redis-url.js';

/** One environment variable: how its text is read, what stands where it is absent, what people are told. */
export interface Setting<T> {
  /** Reads the text; issues need no message, `expected` is what people see. */
  readonly schema: z.ZodType<T, string>;
  /** What a valid value is, to follow "expected". */
  readonly expected: string;
  /** Used where the variable is absent or empty. */
  readonly default: T | ((env: Config['env']) => T);
  readonly about: string;
  /** Never shown: neither as a whole (`value`) nor a password inside of it (`password`). */
  readonly secret?: 'value' | 'password';
}

type Texts<T> = Pick<Setting<T>, 'default' | 'about'>;

/** A whole number within bounds, both included. */
export function integer(
  options: Texts<number> & { readonly min: number; readonly max: number },
): Setting<number> {
  const { min, max, ...texts } = options;
  return {
    ...texts,
    // At most 15 digits, so that what is compared with the bounds is what was written.
    schema: z
      .string()
      .regex(/^-?\d{1,15}$/)
      .transform(Number)
      .pipe(z.number().int().min(min).max(max)),
    expected: `a whole number from ${min} to ${max}`,
  };
}

/** `on` or `off`; the other spellings that people use are understood. */
export function toggle(options: Texts<boolean>): Setting<boolean> {
  return {
    ...options,
    schema: z
      .string()
      .toLowerCase()
      .pipe(z.enum(['on', 'off', 'true', 'false', '1', '0']))
      .transform((text) => text === 'on' || text === 'true' || text === '1'),
    expected: 'on or off',
  };
}

/** One of a few words. */
export function choice<const Word extends string>(
  words: readonly Word[],
  options: Texts<Word>,
): Setting<Word> {
  return { ...options, schema: z.enum(words), expected: `one of ${words.join(', ')}` };
}

/** Values of one kind, separated by commas; absent: none. */
export function list(
  item: z.ZodType<string, string>,
  options: Omit<Texts<string[]>, 'default'> & { readonly expected: string },
): Setting<string[]> {
  return {
    ...options,
    default: [],
    schema: z
      .string()
      .transform((text) => text.split(',').map((part) => part.trim()))
      .pipe(z.array(item)),
  };
}

/** A URL of one of the given schemes, such as `postgresql:`; absent: null. A trailing slash stays. */
export function url(
  schemes: readonly string[],
  options: Omit<Texts<null>, 'default'> & { readonly secret?: 'password' },
): Setting<string | null> {
  return {
    ...options,
    default: null,
    schema: z.string().refine((text) => URL.canParse(text) && schemes.includes(new URL(text).protocol)),
    expected: `a URL that begins with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`,
  };
}

/** The URL of a Redis: a server, one behind sentinels, or a cluster; absent: null. */
export function redisUrl(options: Omit<Texts<null>, 'default'>): Setting<string | null> {
  return {
    ...options,
    default: null,
    schema: z.string().refine((text) => readRedisUrl(text) !== null),
    expected: EXPECTED_REDIS_URL,
    secret: 'password',
  };
}
