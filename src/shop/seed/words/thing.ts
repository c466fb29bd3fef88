/** Names that mean several, and how several of them are counted; other plurals come in pairs. */
const SETS: ReadonlySet<string> = new Set([
  'String Lights',
  'Note Cards',
  'Gift Tags',
  'Coloured Pencils',
  'Wax Crayons',
  'Building Blocks',
  'Stacking Rings',
  'Playing Cards',
  'Juggling Balls',
]);

/**
 * What a product is in the middle of a sentence: `writing desk`, `pair of jeans`, `set of note cards`.
 *
 * @param noun as it stands in the product's name
 * @param material stands before the noun, where there is one
 */
export function toThing(noun: string, material: string | null = null): string {
  const words = lowerCase(material === null ? noun : `${material} ${noun}`);
  if (!/[^s]s$/.test(noun)) return words;
  return `${SETS.has(noun) ? 'set' : 'pair'} of ${words}`;
}

/** Puts a thing in the places of `{thing}`, and with its article in those of `{a thing}` and `{A thing}`. */
export function fillIn(template: string, thing: string): string {
  const article = /^(?!u(ti|-)|US)[aeiou]/i.test(thing) ? 'an' : 'a';
  return template
    .replaceAll('{thing}', thing)
    .replaceAll('{a thing}', `${article} ${thing}`)
    .replaceAll('{A thing}', `${article === 'an' ? 'An' : 'A'} ${thing}`);
}

/** Leaves `USB` and the letter of `T-Shirt` as they are. */
function lowerCase(words: string): string {
  return words.replaceAll(/(?<![\w-])[A-Z](?=[a-z])|(?<=-)[A-Z](?=[a-z])/g, (letter) => letter.toLowerCase());
}
