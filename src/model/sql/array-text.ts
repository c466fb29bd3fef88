/** A PostgreSQL array taken apart: elements as text, null for NULL, nested for further dimensions. */
export type ArrayText = readonly (string | null | ArrayText)[];

/** A PostgreSQL array literal. Every element is quoted, so that none can be taken for NULL or a delimiter. */
export function formatArrayText(elements: ArrayText): string {
  let text = '{';
  for (let index = 0; index < elements.length; index++) {
    const element = elements[index];
    if (index > 0) text += ',';
    if (element === null || element === undefined) text += 'NULL';
    else if (typeof element === 'string') text += quoteElement(element);
    else text += formatArrayText(element);
  }
  return `${text}}`;
}

function quoteElement(element: string): string {
  return /["\\]/.test(element) ? `"${element.replaceAll(/["\\]/g, '\\$&')}"` : `"${element}"`;
}

/**
 * Reads what PostgreSQL prints for an array (delimiter `,`), also with explicit bounds, as in `[0:1]={a,b}`.
 * @throws SyntaxError on anything else.
 */
export function parseArrayText(text: string): ArrayText {
  const start = text.startsWith('[') ? text.indexOf('=') + 1 : 0;
  const scanner = { text, position: start };
  const elements = readArray(scanner);
  if (scanner.position !== text.length) throw malformed(scanner);
  return elements;
}

interface Scanner {
  readonly text: string;
  position: number;
}

function readArray(scanner: Scanner): ArrayText {
  const { text } = scanner;
  if (text[scanner.position] !== '{') throw malformed(scanner);
  scanner.position++;
  const elements: (string | null | ArrayText)[] = [];
  if (text[scanner.position] === '}') {
    scanner.position++;
    return elements;
  }
  for (;;) {
    elements.push(readElement(scanner));
    const next = text[scanner.position++];
    if (next === '}') return elements;
    if (next !== ',') throw malformed(scanner);
  }
}

function readElement(scanner: Scanner): string | null | ArrayText {
  const { text } = scanner;
  if (text[scanner.position] === '{') return readArray(scanner);
  if (text[scanner.position] === '"') return readQuoted(scanner);
  const start = scanner.position;
  while (scanner.position < text.length && text[scanner.position] !== ',' && text[scanner.position] !== '}') {
    scanner.position++;
  }
  const element = text.slice(start, scanner.position);
  return element === 'NULL' ? null : element;
}

function readQuoted(scanner: Scanner): string {
  const { text } = scanner;
  let element = '';
  let start = ++scanner.position;
  for (; scanner.position < text.length; scanner.position++) {
    const character = text[scanner.position];
    if (character === '\\') {
      element += text.slice(start, scanner.position);
      start = ++scanner.position;
    } else if (character === '"') {
      element += text.slice(start, scanner.position++);
      return element;
    }
  }
  throw malformed(scanner);
}

function malformed(scanner: Scanner): SyntaxError {
  return new SyntaxError(`This is no PostgreSQL array: malformed at character ${scanner.position + 1}.`);
}
