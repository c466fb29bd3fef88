import { z } from 'zod';

/** An operation to be answered before anybody asks. */
export interface WarmOperation {
  readonly query: string;
  readonly operationName: string | null;
  readonly variables: { readonly [name: string]: unknown };
  /** Of those whom it is answered for, as far as that decides what they are given. */
  readonly tier: string;
  readonly scopes: readonly string[];
}

/** What came of answering operations before anybody asked. */
export interface WarmReport {
  /** Answers that were computed, and are kept now. */
  readonly kept: number;
  /** Answers that were kept already. */
  readonly present: number;
  readonly refused: readonly WarmRefusal[];
}

export interface WarmRefusal {
  /** Its name, or its beginning. */
  readonly operation: string;
  readonly why: string;
}

/** At once, and of one list. */
export const MAX_WARM_OPERATIONS = 500;
/** Of one of them, as JSON. */
export const MAX_WARM_CHARACTERS = 16_384;

/** Of whoever has not signed in. */
const NOBODYS_TIER = 'anonymous';

const warmOperation = z.strictObject({
  query: z.string().min(1),
  operationName: z
    .string()
    .nullish()
    .transform((name) => name ?? null),
  variables: z
    .record(z.string(), z.unknown())
    .nullish()
    .transform((variables) => variables ?? {}),
  tier: z
    .string()
    .nullish()
    .transform((tier) => tier ?? NOBODYS_TIER),
  scopes: z
    .array(z.string())
    .nullish()
    .transform((scopes) => scopes ?? []),
});

/** One operation, such as `{ "query": "{ animals { name } }" }`; text: what is wrong with it. */
export function readWarmOperation(value: unknown): WarmOperation | string {
  const parsed = warmOperation.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return `${['operation', ...(issue?.path ?? [])].join('.')}: ${issue?.message ?? 'it is none'}`;
  }
  const { length } = writeWarmOperation(parsed.data);
  return length <= MAX_WARM_CHARACTERS
    ? parsed.data
    : `it has ${length} characters, of at most ${MAX_WARM_CHARACTERS}`;
}

/** As `readWarmOperation` reads it; the same for the same operation. */
export function writeWarmOperation(operation: WarmOperation): string {
  const { query, operationName, variables, tier, scopes } = operation;
  return JSON.stringify({ query, operationName, variables, tier, scopes });
}

const SHOWN_CHARACTERS = 60;

export function nameWarmOperation({ query, operationName }: WarmOperation): string {
  const text = query.replaceAll(/\s+/g, ' ').trim();
  return operationName ?? (text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`);
}
