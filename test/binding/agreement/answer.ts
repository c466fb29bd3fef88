import type { ExecutionResult } from 'graphql';

type Path = readonly (string | number)[];

/** An answer as text, so that the order of keys counts. */
export interface Answer {
  /** Undefined where nothing was executed. */
  readonly data: string | undefined;
  /** By path: graphql-js lists errors as fields are done, which differs from run to run. */
  readonly errors: readonly AnswerError[];
}

export interface AnswerError {
  readonly path: Path;
  /** Path, message, code and places. */
  readonly text: string;
}

export function readAnswer(result: ExecutionResult): Answer {
  const errors = (result.errors ?? []).map((error): AnswerError => {
    const { code } = (error.originalError ?? {}) as { code?: unknown };
    const { message, path, locations, extensions } = error;
    return { path: path ?? [], text: JSON.stringify({ path, message, locations, code, extensions }) };
  });
  return {
    data: result.data === undefined ? undefined : JSON.stringify(result.data),
    errors: errors.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0)),
  };
}

/** `forgiven`: they differ in what is allowed to differ. */
export type Agreement = 'same' | 'forgiven' | 'different';

/**
 * Whether two answers to one request are the same.
 *
 * The one allowed difference: where an error has nulled a parent, which of the errors below it are told. graphql-js
 * answers as soon as the first of them has reached the parent, and drops those that come later; which is first depends
 * on how long each field took. That something below it failed has to be told by both.
 */
export function compareAnswers(one: Answer, other: Answer): Agreement {
  if (one.data !== other.data) return 'different';
  if (textsOf(one.errors) === textsOf(other.errors)) return 'same';
  const data: unknown = JSON.parse(one.data ?? 'null');
  const [mine, theirs] = [splitErrors(data, one.errors), splitErrors(data, other.errors)];
  const isSame = textsOf(mine.certain) === textsOf(theirs.certain) && mine.parents === theirs.parents;
  return isSame && one.data !== undefined ? 'forgiven' : 'different';
}

/** Errors that every run tells, and the parents that were nulled by others. */
function splitErrors(data: unknown, errors: readonly AnswerError[]) {
  const parents = new Set<string>();
  const certain: AnswerError[] = [];
  for (const error of errors) {
    const nulled = findNulledParent(data, error.path);
    if (nulled === null) certain.push(error);
    else parents.add(JSON.stringify(nulled));
  }
  return { certain, parents: [...parents].sort().join() };
}

/** Where the answer is null above the field that failed; null where it is the field itself. */
function findNulledParent(data: unknown, path: Path): Path | null {
  let value = data;
  for (const [depth, key] of path.entries()) {
    if (value === null || value === undefined) return path.slice(0, depth);
    value = Object.hasOwn(value, key) ? (value as Record<string | number, unknown>)[key] : undefined;
  }
  return null;
}

function textsOf(errors: readonly AnswerError[]): string {
  return errors.map(({ text }) => text).join('\n');
}
