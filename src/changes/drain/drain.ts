import type { ChangeLog, ChangeRecord, LogTime } from '../log/change-log.js';
import type { Position } from '../position.js';
import { ChangeLogRefusal } from './change-log-refusal.js';
import type { Session } from './drain-connection.js';
import { peek, type Taken, take } from './outbox.js';

export interface DrainOptions {
  readonly log: ChangeLog;
  readonly session: Session;
  /** Asked of the log before PostgreSQL is asked anything. */
  readonly time: LogTime;
  /** Whether to look first, without the lock, if there is anything to take. */
  readonly isPeekFirst: boolean;
  /** Called when the statement goes out whose snapshot decides what is drained: later commits may be missed. */
  readonly onSnapshot: () => void;
  /** Rows of one pass. Default: 1,000. */
  readonly maxRows?: number;
  /** Rows that are still named. Default: 100,000. */
  readonly maxBacklogRows?: number;
}

/** What a drain came to: every commit before it lies at or below the position. */
export interface Drained {
  readonly position: Position;
  readonly lsn: string;
  /** Those that it appended, in order. */
  readonly records: readonly ChangeRecord[];
}

/** Tags of one record; a reader holds thousands of records at a time. */
const MAX_TAGS = 20_000;
/** Two seconds at most of waiting for the lock, and for a backlog to be deleted. */
const TAKE_DEADLINE_MS = 15_000;
/** Of a heartbeat that says where the head is and nothing of when. */
const LONG_AGO_MS = 0;

/**
 * Takes what is in the outbox over into the log, in passes. Appended before committed: what is lost in between is
 * drained once more, under another id.
 */
export async function drain(options: DrainOptions): Promise<Drained> {
  if (options.isPeekFirst) {
    const nothing = await findNothing(options);
    if (nothing !== null) return nothing;
  }
  const records: ChangeRecord[] = [];
  for (;;) {
    const taken = await takeOnce(options);
    if (taken.record !== null) records.push(taken.record);
    if (!taken.isPartial) return { position: taken.position, lsn: taken.lsn, records };
  }
}

/** Null where there may be something to take. */
async function findNothing({ log, session, time, onSnapshot }: DrainOptions): Promise<Drained | null> {
  onSnapshot();
  const { epoch, head, lsn, isStanding, isEmpty } = await peek(session.ask, session.place);
  if (!isStanding || !isEmpty) return null;
  await log.append({ record: null, heartbeat: { epoch, head, lsn, timeMs: time.timeMs } }, time.connection);
  return { position: { epoch, id: head }, lsn, records: [] };
}

interface Pass {
  readonly position: Position;
  readonly lsn: string;
  readonly record: ChangeRecord | null;
  readonly isPartial: boolean;
}

async function takeOnce(options: DrainOptions): Promise<Pass> {
  const { log, session, time, onSnapshot } = options;
  onSnapshot();
  const taken = await take(session.ask, {
    place: session.place,
    maxRows: options.maxRows ?? 1_000,
    maxBacklogRows: options.maxBacklogRows ?? 100_000,
    deadlineMs: TAKE_DEADLINE_MS,
  });
  const { epoch, lsn, isPartial } = taken;
  const record = toRecord(taken);
  const head = record?.id ?? taken.prev;
  // A pass that left something behind proves nothing about any time.
  const timeMs = isPartial ? LONG_AGO_MS : time.timeMs;
  const isAppended = await log.append({ record, heartbeat: { epoch, head, lsn, timeMs } }, time.connection);
  if (!isAppended) throw new ChangeLogRefusal(head);
  await session.ask('COMMIT');
  return { position: { epoch, id: head }, lsn, record, isPartial };
}

function toRecord({ id, prev, lsn, tags, isHorizon }: Taken): ChangeRecord | null {
  if (id === null) return null;
  const isTooMuch = isHorizon || tags.length > MAX_TAGS;
  return { id, prev, lsn, tags: isTooMuch ? [] : tags, isHorizon: isTooMuch };
}
