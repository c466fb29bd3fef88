import type { HTTPGraphQLHead } from '@apollo/server';
import type { CacheEntry } from '../../cache/entries/cache-entry.js';
import { type CacheOutcome, nameOutcome } from './cache-outcome.js';

export const CACHE_STATUS_HEADER = 'cache-status';

/** How much the header tells: `full` names tags and fields, which says something of the database. */
export type StatusDetail = 'full' | 'outcome' | 'off';

/**
 * What clients and their caches are told: `Cache-Status` (RFC 9211) says what happened here, `ETag` and `Age` what the
 * answer is. Whoever keeps it has to ask whether it still holds, since nobody could tell them that it doesn't.
 */
export function tellOutcome(
  { headers }: Pick<HTTPGraphQLHead, 'headers'>,
  outcome: CacheOutcome,
  { nowMs, detail }: { readonly nowMs: number; readonly detail: StatusDetail },
): void {
  const entry = 'entry' in outcome ? outcome.entry : null;
  const mayBeKept = entry !== null && outcome.kind !== 'stale-if-error';
  headers.set('cache-control', mayBeKept ? 'private, no-cache' : 'no-store');
  if (mayBeKept) headers.set('etag', entry.etag);
  if (entry !== null) headers.set('age', String(findAgeSeconds(entry, nowMs)));
  if (detail !== 'off') headers.set(CACHE_STATUS_HEADER, writeStatus(outcome, nowMs, detail));
}

export function findAgeSeconds(entry: CacheEntry, nowMs: number): number {
  return Math.max(0, Math.floor((nowMs - entry.storedAtMs) / 1000));
}

/** Negative once it is stale, as RFC 9211 has it. */
export function findTtlSeconds({ storedAtMs, freshMs }: CacheEntry, nowMs: number): number {
  return Math.ceil((storedAtMs + freshMs - nowMs) / 1000);
}

export function writeStatus(outcome: CacheOutcome, nowMs: number, detail: StatusDetail): string {
  const parts = ['sluice', ...listParameters(outcome, nowMs)];
  const text = detail === 'full' ? explain(outcome) : null;
  if (text !== null)
    parts.push(`detail="${text.replaceAll(/[^\x20-\x7E]/g, '?').replaceAll(/["\\]/g, "'")}"`);
  return parts.join('; ');
}

/** As `writeStatus`, for what most answers are. */
export function writeFreshHit(entry: CacheEntry, nowMs: number): string {
  return `sluice; hit; ${writeTtl(entry, nowMs)}`;
}

function listParameters(outcome: CacheOutcome, nowMs: number): readonly string[] {
  switch (outcome.kind) {
    case 'hit':
      return ['hit', writeTtl(outcome.entry, nowMs)];
    case 'collapsed':
      return ['fwd=miss', 'collapsed', writeTtl(outcome.entry, nowMs)];
    case 'stale-if-error':
      return ['hit', writeTtl(outcome.entry, nowMs)];
    case 'computed':
      return [
        outcome.reason === 'void' || outcome.reason === 'expired' ? 'fwd=stale' : 'fwd=miss',
        ...(outcome.entry === null ? [] : ['stored', writeTtl(outcome.entry, nowMs)]),
      ];
    case 'partial':
      return ['fwd=partial'];
    case 'bypass':
      return ['fwd=bypass'];
  }
}

function writeTtl(entry: CacheEntry, nowMs: number): string {
  return `ttl=${findTtlSeconds(entry, nowMs)}`;
}

function explain(outcome: CacheOutcome): string | null {
  switch (outcome.kind) {
    case 'hit':
      return outcome.isStale ? 'stale while revalidating' : outcome.tier === 'redis' ? 'from Redis' : null;
    case 'collapsed':
      return null;
    case 'stale-if-error':
      return 'stale, since the database does not answer';
    case 'computed':
      return (
        [tellReason(outcome), outcome.refusal === null ? null : `not kept: ${outcome.refusal}`]
          .filter((part) => part !== null)
          .join('; ') || null
      );
    case 'partial':
      return [...tellFields(outcome.fields), outcome.why].join('; ');
    case 'bypass':
      return outcome.why;
  }
}

/** At most so many fields are named. */
const MAX_TOLD_FIELDS = 5;

function tellFields(fields: ReadonlyMap<string, CacheOutcome>): readonly string[] {
  const told = [...fields].map(([name, outcome]) => `${name}: ${nameOutcome(outcome)}`);
  return told.length <= MAX_TOLD_FIELDS
    ? told
    : [...told.slice(0, MAX_TOLD_FIELDS), `${told.length - MAX_TOLD_FIELDS} more fields`];
}

function tellReason({ reason, voidedBy }: Extract<CacheOutcome, { kind: 'computed' }>): string | null {
  switch (reason) {
    case 'absent':
      return null;
    case 'expired':
      return 'expired';
    case 'untrusted':
      return 'changes are not known at the moment';
    case 'void':
      return voidedBy === null ? 'void' : `voided by ${voidedBy}`;
  }
}
