import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';

/** Sends a query's hash by GET, and the query itself only when the server doesn't know it yet. */
export function createPersistedQueryLink(): PersistedQueryLink {
  return new PersistedQueryLink({ sha256, useGETForHashedQueries: true });
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
