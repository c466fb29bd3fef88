import { parseIntWithin } from '../input/number-input.js';
import { parseText } from '../input/text-input.js';

type InputPath = readonly (string | number)[];

export const parseRating = (path: InputPath, value: number): number => parseIntWithin(path, value, [1, 5]);
export const parseTitle = (path: InputPath, value: string): string =>
  parseText(path, value, { min: 1, max: 200 });
export const parseBody = (path: InputPath, value: string): string =>
  parseText(path, value, { min: 1, max: 10_000 });
