import { distance } from 'fastest-levenshtein';

/** The known name that `name` is most likely a slip of, or null where none is near. Case is ignored. */
export function findNearest(name: string, known: Iterable<string>): string | null {
  const wanted = name.toLowerCase();
  let nearest: string | null = null;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const steps = distance(wanted, candidate.toLowerCase());
    if (steps < least) {
      least = steps;
      nearest = candidate;
    }
  }
  return nearest;
}

/** ` (did you mean "x"?)`, or nothing, to be put behind a message that names an unknown name. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const nearest = findNearest(name, known);
  return nearest === null ? '' : ` (did you mean "${nearest}"?)`;
}
