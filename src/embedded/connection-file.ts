import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** How an embedded server is reached; kept beside its data so that its address stays the same. */
export interface EmbeddedConnection {
  readonly port: number;
  readonly password: string;
}

/** What an earlier start left, or null. */
export function readConnection(file: string): EmbeddedConnection | null {
  if (!existsSync(file)) return null;
  try {
    const kept: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof kept !== 'object' || kept === null) return null;
    const { port, password } = kept as Partial<EmbeddedConnection>;
    return typeof port === 'number' && typeof password === 'string' ? { port, password } : null;
  } catch (error) {
    // Cut off in the middle of writing; whoever needs the password says so.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

export function writeConnection(file: string, connection: EmbeddedConnection): void {
  const half = `${file}.${process.pid}`;
  writeFileSync(half, `${JSON.stringify(connection)}\n`, { mode: 0o600 });
  renameSync(half, file);
}

/** Of hexadecimal digits, so that it needs no escaping in a URL. */
export function createPassword(): string {
  return randomBytes(24).toString('hex');
}
