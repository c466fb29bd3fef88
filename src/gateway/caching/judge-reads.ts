import { type CachePolicy, tightenPolicy } from '../../cache/policy/cache-policy.js';
import { VIEWER_VARY } from '../../cache/policy/vary-definition.js';
import type { RecordedReads, VariedBy } from '../../reads/tags/read-recorder.js';

type Life = Pick<CachePolicy, 'maxAgeSeconds' | 'scope' | 'vary'>;

/** How long something may be kept, by all that was seen of its computation; or why it can't be. */
export function judgeReads<Policy extends Life>(seen: RecordedReads, declared: Policy): Policy | string {
  const policy = tightenPolicy(declared, seen.hint);
  if (policy.maxAgeSeconds <= 0) return 'a resolver said so';
  if (policy.scope === 'PRIVATE' && declared.scope !== 'PRIVATE') return 'a resolver said that it is private';
  const [unseen] = seen.unseen;
  if (unseen !== undefined)
    return unseen.coordinate === null ? unseen.why : `${unseen.coordinate}: ${unseen.why}`;
  const undeclared = seen.variedBy.find(({ part }) => !isDeclared(part, policy));
  return undeclared === undefined ? policy : tellUndeclared(undeclared);
}

function isDeclared(part: string, { scope, vary }: Life): boolean {
  if (vary.includes(part)) return true;
  return scope === 'PRIVATE' && (part === 'ID' || VIEWER_VARY.has(part));
}

function tellUndeclared({ part, coordinate }: VariedBy): string {
  const what = part === 'ID' || VIEWER_VARY.has(part) ? 'the viewer' : part;
  const how =
    part === 'ID' ? 'as private' : VIEWER_VARY.has(part) ? `as private, or to vary by ${part}` : 'so';
  return `${coordinate ?? 'it'} depends on ${what}, but is not declared ${how}`;
}
