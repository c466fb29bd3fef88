import { MAX_COST } from './weights.js';

/** Values of an operation's variables as the client sent them. */
export type Variables = { readonly [name: string]: unknown };

/** A number that is known once the document is, or only with the variables. At least 0, at most `MAX_COST`. */
export type Term = number | ((variables: Variables) => number);

/** A term's value. */
export function evaluate(term: Term, variables: Variables): number {
  return typeof term === 'number' ? term : term(variables);
}

/** The sum. What is constant is added up once. */
export function addTerms(terms: readonly Term[]): Term {
  let constant = 0;
  const open: ((variables: Variables) => number)[] = [];
  for (const term of terms) {
    if (typeof term === 'number') constant += term;
    else open.push(term);
  }
  const known = Math.min(constant, MAX_COST);
  if (open.length === 0) return known;
  const [only] = open;
  if (open.length === 1 && only !== undefined)
    return known === 0 ? only : (variables) => Math.min(known + only(variables), MAX_COST);
  return (variables) => {
    let sum = known;
    for (const term of open) sum += term(variables);
    return Math.min(sum, MAX_COST);
  };
}

/** One times the other. Neither is above `MAX_COST`, so that it can't overflow before it is cut. */
export function multiplyTerms(one: Term, other: Term): Term {
  if (one === 0 || other === 0) return 0;
  if (one === 1) return other;
  if (other === 1) return one;
  if (typeof one === 'number' && typeof other === 'number') return Math.min(one * other, MAX_COST);
  return (variables) => Math.min(evaluate(one, variables) * evaluate(other, variables), MAX_COST);
}

/** The largest; 0 where there is none. */
export function maximumOf(terms: readonly Term[]): Term {
  const constants = terms.filter((term) => typeof term === 'number');
  const open = terms.filter((term) => typeof term !== 'number');
  const known = Math.max(0, ...constants);
  if (open.length === 0) return known;
  return (variables) => open.reduce((most, term) => Math.max(most, term(variables)), known);
}
