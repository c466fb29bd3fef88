import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Pool } from 'pg';
import { SluiceError } from '../kernel/sluice-error.js';
import type { Position } from './position.js';

/** Of 256: 128 bits can't be guessed, and the token stays short. */
const MAC_BYTES = 16;
const TOKEN = /^([A-Za-z0-9]{1,64}):(0|[1-9]\d{0,15}):([A-Za-z0-9_-]{22})$/;

/**
 * Positions as clients carry them: `<epoch>:<id>:<mac>`. The MAC keeps strangers from naming positions of the future,
 * for each of which a node would ask the database.
 */
export class PositionTokens {
  readonly #secret: Buffer;

  /** @param secret the same on all nodes of a database */
  constructor(secret: Buffer) {
    this.#secret = secret;
  }

  write({ epoch, id }: Position): string {
    return `${epoch}:${id}:${this.#sign(epoch, id).toString('base64url')}`;
  }

  /** Null for what none of the nodes made. */
  read(token: string): Position | null {
    const [, epoch = '', digits, mac = ''] = TOKEN.exec(token) ?? [];
    const id = Number(digits);
    if (!Number.isSafeInteger(id)) return null;
    return timingSafeEqual(Buffer.from(mac, 'base64url'), this.#sign(epoch, id)) ? { epoch, id } : null;
  }

  #sign(epoch: string, id: number): Buffer {
    return createHmac('sha256', this.#secret).update(`${epoch}:${id}`).digest().subarray(0, MAC_BYTES);
  }
}

/** With the secret that the database keeps for its nodes. */
export async function loadPositionTokens(pool: Pick<Pool, 'query'>): Promise<PositionTokens> {
  const { rows } = await pool.query<{ value: Buffer }>('SELECT value FROM sluice.secret');
  const [row] = rows;
  if (row === undefined) throw new SluiceError('DATABASE_SCHEMA_LAGS', 'sluice.secret is empty');
  return new PositionTokens(row.value);
}
