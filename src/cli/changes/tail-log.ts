import type { ChangeLog, ChangeRecord, LogReading } from '../../changes/log/change-log.js';

/** What someone sees who watches the log. */
export type TailEvent =
  | { readonly kind: 'record'; readonly epoch: string; readonly record: ChangeRecord }
  /** Ids above `from` up to `to` were drained, and the log doesn't have them. */
  | { readonly kind: 'gap'; readonly epoch: string; readonly from: number; readonly to: number }
  /** Another timeline of PostgreSQL: what was known from before is void. */
  | { readonly kind: 'epoch'; readonly epoch: string }
  /** It can't be watched now; told once, until `back`. */
  | { readonly kind: 'away'; readonly reason: string }
  | { readonly kind: 'back' };

export interface TailOptions {
  readonly log: ChangeLog;
  /** Has what waits in the outbox appended to the log. */
  readonly drain: () => Promise<void>;
  /** Between two looks. */
  readonly intervalMs: number;
  readonly stop: AbortSignal;
  /** Called once it is known where "now" is: what is committed from then on is told. */
  onReady(): void;
  onEvent(event: TailEvent): void;
}

interface Cursor {
  readonly epoch: string;
  readonly id: number;
}

/** Tells all that comes into the log from now on, until it is stopped. */
export async function tailLog(options: TailOptions): Promise<void> {
  const { log, drain, intervalMs, stop, onEvent } = options;
  let cursor: Cursor | null = null;
  let isAway = false;
  while (!stop.aborted) {
    let isPartial = false;
    try {
      await drain();
      const reading = await log.read(cursor ?? { epoch: '', id: 0 });
      isPartial = reading.isPartial;
      const isFirst = cursor === null;
      cursor = cursor === null ? findEnd(reading) : tell(cursor, reading, onEvent);
      if (isFirst && cursor !== null) options.onReady();
      if (isAway) onEvent({ kind: 'back' });
      isAway = false;
    } catch (error) {
      if (!isAway) onEvent({ kind: 'away', reason: error instanceof Error ? error.message : String(error) });
      isAway = true;
    }
    if (!isPartial) await pause(intervalMs, stop);
  }
}

/** Null: nothing was ever drained. */
function findEnd({ heartbeat }: LogReading): Cursor | null {
  return heartbeat === null ? null : { epoch: heartbeat.epoch, id: heartbeat.head };
}

/** Where the log is read up to now. */
function tell(cursor: Cursor, reading: LogReading, onEvent: TailOptions['onEvent']): Cursor {
  const { heartbeat, records, isPartial } = reading;
  if (heartbeat === null) return cursor;
  const { epoch, head } = heartbeat;
  let { id } = cursor;
  if (epoch !== cursor.epoch) {
    onEvent({ kind: 'epoch', epoch });
    id = 0;
  }
  function goTo(next: number): void {
    if (next > id) onEvent({ kind: 'gap', epoch, from: id, to: next });
    id = Math.max(id, next);
  }
  for (const record of records) {
    if (record.id <= id) continue;
    goTo(record.prev);
    onEvent({ kind: 'record', epoch, record });
    id = record.id;
  }
  if (!isPartial) goTo(head);
  return { epoch, id };
}

function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      stop.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    stop.addEventListener('abort', end);
  });
}
