import { hash } from 'node:crypto';
import { encodeGlobalId, splitGlobalId } from '../../binding/global-id.js';
import type { Viewer } from '../../identity/viewer.js';
import { isQueueName, type QueueName } from '../../jobs/queue-names.js';
import type { JobViewer } from '../../jobs/queued-job.js';
import { encodeStable } from '../../kernel/stable-encoding.js';

/** Where a job is. */
export interface JobPlace {
  readonly queue: QueueName;
  readonly id: string;
}

const TYPE = 'Job';

export function encodeJobId({ queue, id }: JobPlace): string {
  return encodeGlobalId(TYPE, [queue, id]);
}

/** Null: it is none. */
export function decodeJobId(text: string): JobPlace | null {
  const parts = splitGlobalId(text);
  if (parts?.typeName !== TYPE) return null;
  try {
    const key: unknown = JSON.parse(parts.keyText);
    if (!Array.isArray(key)) return null;
    const [queue, id] = key as unknown[];
    return typeof queue === 'string' && isQueueName(queue) && typeof id === 'string' && id !== ''
      ? { queue, id }
      : null;
  } catch {
    // No JSON, so no id of ours.
    return null;
  }
}

/** What equal requests have in common. */
export interface JobKey {
  /** What decides what an answer means: the database, the schema, the app's code. */
  readonly fingerprint: string;
  readonly coordinate: string;
  readonly args: object;
  readonly viewer: JobViewer | null;
  /** By name. */
  readonly varied: { readonly [name: string]: string };
}

/** @throws TypeError for arguments that are no plain data */
export function hashJobKey({ fingerprint, coordinate, args, viewer, varied }: JobKey): string {
  return hash('sha256', encodeStable([fingerprint, coordinate, args, viewer, varied]), 'base64url').slice(
    0,
    32,
  );
}

/** Whom a result is for. */
export function isJobOf(job: JobViewer | null, viewer: Viewer): boolean {
  if (job === null) return true;
  if (job.id !== null) return job.id === viewer.id;
  if (job.tier !== null && job.tier !== viewer.tier) return false;
  return job.scopes === null || job.scopes.join() === [...viewer.scopes].sort().join();
}

/** The id of a job that its asker has a key of its own for. */
export function hashKey(name: string, key: string): string {
  return hash('sha256', encodeStable([name, key]), 'base64url').slice(0, 32);
}
