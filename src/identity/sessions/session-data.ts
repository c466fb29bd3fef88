import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { SessionData } from './session-store.js';

const schema = z.object({ viewerId: z.string().min(1).max(256), signedInAtMs: z.number() });

/** Null for what another version wrote that had another form: whoever it was signs in again. */
export function parseSessionData(value: unknown): SessionData | null {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : null;
}

/** What a session's id is kept as: who reads the store can't take over a session. */
export function hashSessionId(id: string): Buffer {
  return createHash('sha256').update(id).digest();
}
