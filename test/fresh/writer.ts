import pg from 'pg';
import type { Random } from '../binding/agreement/random.js';
import { until } from '../embedded/until.js';
import { type Answered, ask } from './ask.js';
import type { History, Op } from './history.js';
import { type Change, MOODS, SQL_ONLY, sqlOf } from './world/change.js';
import { ANIMALS, FOODS, KEEPERS, noteText, type World } from './world/world.js';
import { HISTORY_TABLE } from './world/world-database.js';

/** A node, as those see it who write through it. */
export interface WrittenNode {
  readonly url: string;
  readonly number: number;
}

export interface WriterOptions {
  readonly databaseUrl: string;
  readonly history: History;
  readonly random: Random;
  readonly notes: World['notes'];
  /** Null: all are down. */
  readonly pickNode: () => WrittenNode | null;
  /** A node is going to be asked. */
  readonly onAsk: (node: WrittenNode, change: Change) => void;
  /** A node has answered. */
  readonly onAnswered: (written: Written) => void;
}

/** A write that was committed and answered. */
export interface Written {
  readonly node: WrittenNode;
  readonly change: Change;
  /** The version. */
  readonly place: number;
  /** Null: the answer named none. */
  readonly position: string | null;
}

/** Animals that come and go, beside those that were there from the beginning. */
const STRANGERS = 30;

type Outcome = 'COMMIT' | 'COMMIT_AND_FAIL' | 'ROLL_BACK';

const MUTATION =
  'mutation ($op: String!, $change: JSON!, $outcome: Outcome!) { change(op: $op, change: $change, outcome: $outcome) }';
let ops = 0;

/** Writes at random, one transaction after the other: through nodes and past them. */
export class Writer {
  readonly #options: WriterOptions;
  #client: pg.Client | null = null;
  /** By kind and way. */
  readonly done = new Map<string, number>();

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  async write(): Promise<void> {
    const { random, history, pickNode } = this.#options;
    const op: Op = { id: `op ${++ops}`, change: this.#pickChange(), sentAtMs: performance.now() };
    const node = random.chance(0.5) ? pickNode() : null;
    const isSql = node === null || SQL_ONLY.has(op.change.kind);
    const outcome = random.chance(0.8) ? 'COMMIT' : random.pick(['COMMIT_AND_FAIL', 'ROLL_BACK'] as const);
    history.begin(op);
    const version = await (isSql ? this.#writeSql(op, outcome) : this.#askNode(op, outcome, node));
    const way = `${op.change.kind} ${isSql ? 'by SQL' : 'by a node'}${version === null ? ', in vain' : ''}`;
    this.done.set(way, (this.done.get(way) ?? 0) + 1);
  }

  async close(): Promise<void> {
    await this.#client?.end().catch(() => undefined);
  }

  /** Past all nodes. Null: it is known not to be committed. */
  async #writeSql(op: Op, outcome: Outcome): Promise<number | null> {
    try {
      this.#client ??= await this.#connect();
      const client = this.#client;
      await client.query('BEGIN');
      const { rows } = await client.query(`SELECT ${HISTORY_TABLE}_next($1) AS version`, [op.id]);
      for (const sql of sqlOf(op.change)) await client.query(sql);
      await client.query(outcome === 'ROLL_BACK' ? 'ROLLBACK' : 'COMMIT');
      return outcome === 'ROLL_BACK' ? this.#abort(op) : this.#commit(op, rows[0].version);
    } catch {
      await this.close();
      this.#client = null;
      return this.#findOut(op);
    }
  }

  async #askNode(op: Op, outcome: Outcome, node: WrittenNode): Promise<number | null> {
    const variables = { op: op.id, change: op.change, outcome };
    let answer: Answered | null = null;
    this.#options.onAsk(node, op.change);
    try {
      answer = await ask({ url: node.url, query: MUTATION, variables });
    } catch {
      // The node is gone, or was cut off: whether it was committed is to be found out.
    }
    const told = answer === null ? null : findVersion(answer);
    const place = told === null ? await this.#findOut(op) : this.#commit(op, told);
    if (place !== null && answer !== null)
      this.#options.onAnswered({ node, change: op.change, place, position: answer.position });
    return place;
  }

  /** Asks PostgreSQL once nobody holds the lock any more that the transaction must have had. */
  async #findOut(op: Op): Promise<number | null> {
    let version: number | null = null;
    await until(`the outcome of ${op.id}`, async () => {
      let client: pg.Client | null = null;
      try {
        client = await this.#connect();
        await client.query('BEGIN');
        await client.query('SELECT FROM fresh.head FOR UPDATE');
        const { rows } = await client.query(`SELECT version FROM ${HISTORY_TABLE} WHERE op = $1`, [op.id]);
        version = rows[0]?.version ?? null;
        return true;
      } catch {
        return false;
      } finally {
        await client?.end().catch(() => undefined);
      }
    });
    return version === null ? this.#abort(op) : this.#commit(op, version);
  }

  #commit(op: Op, version: number): number {
    return this.#options.history.commit(op, version, performance.now());
  }

  #abort(op: Op): null {
    this.#options.history.abort(op);
    return null;
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.#options.databaseUrl,
      application_name: 'writer',
      connectionTimeoutMillis: 5_000,
    });
    // Whoever uses it hears of it by the statement that fails.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  #pickChange(): Change {
    const { random, notes } = this.#options;
    const id = random.chance(0.5) ? random.int(1, 5) : random.int(ANIMALS - 20, ANIMALS);
    const stranger = ANIMALS + random.int(1, STRANGERS);
    const mood = random.pick(MOODS);
    const carer = random.int(1, KEEPERS);
    const kind = random.pickWeighted(Object.keys(WEIGHTS) as Change['kind'][], (each) => WEIGHTS[each]);
    switch (kind) {
      case 'feel':
        return { kind, id, mood };
      case 'move':
        return { kind, id, carer };
      // One that was there before, or is: then nothing comes of it.
      case 'come': {
        const newcomer = random.chance(0.3) ? id : stranger;
        return { kind, id: newcomer, name: `animal ${newcomer} ${ops}`, mood, carer };
      }
      case 'go':
        return { kind, id: random.chance(0.2) ? id : stranger };
      case 'feed':
        return { kind, id, food: random.pick(FOODS) };
      case 'spoil':
        return { kind, food: random.pick(FOODS) };
      case 'note': {
        const [note, { keeper }] = random.pick([...notes]);
        return { kind, id: note, keeper, text: noteText(keeper, `${ops}`) };
      }
      case 'call':
        return { kind, keeper: carer, name: random.chance(0.5) ? `keeper ${carer}` : `renamed ${ops}` };
      case 'feelAll':
        return { kind, carer, mood };
      case 'feelEveryone':
        return { kind, mood };
      case 'fast':
        return { kind };
      default:
        return { kind: 'rename', id, name: `animal ${id} ${ops}` };
    }
  }
}

const WEIGHTS: Readonly<Record<Change['kind'], number>> = {
  ...{ rename: 20, feel: 20, move: 8, come: 10, go: 12, feed: 8, note: 8, call: 4 },
  ...{ spoil: 2, feelAll: 3, feelEveryone: 1, fast: 1 },
};

/** Told also where the operation failed after its commit. Null: it tells of none. */
function findVersion({ body }: Answered): number | null {
  if (typeof body.data?.change === 'number') return body.data.change;
  for (const { message } of body.errors ?? []) {
    const [, version] = /^version (\d+)$/.exec(message) ?? [];
    if (version !== undefined) return Number(version);
  }
  return null;
}
