import type { Colors } from '../terminal.js';
import type { TailEvent } from './tail-log.js';

export interface ChangeRenderOptions {
  readonly colors: Colors;
  /** Only this model's tags, and only records that have some; null: all. */
  readonly model: string | null;
  readonly isJson: boolean;
}

/** On a line for people; machines get all. */
const MAX_SHOWN_TAGS = 40;

/** One line for an event, or null where it has nothing to do with the model that is asked for. */
export function renderChange(event: TailEvent, at: Date, options: ChangeRenderOptions): string | null {
  const shown = event.kind === 'record' ? selectTags(event, options.model) : event;
  if (shown === null) return null;
  return options.isJson ? renderJson(shown, at) : renderLine(shown, at, options.colors);
}

function selectTags(event: Extract<TailEvent, { kind: 'record' }>, model: string | null): TailEvent | null {
  const { record } = event;
  // A horizon voids this model's entries like all others.
  if (model === null || record.isHorizon) return event;
  const tags = record.tags.filter((tag) => findModel(tag) === model);
  return tags.length === 0 ? null : { ...event, record: { ...record, tags } };
}

/** Names of models are identifiers, and what follows them in a tag is not. */
function findModel(tag: string): string {
  return /^\w*/.exec(tag)?.[0] ?? '';
}

function renderJson(event: TailEvent, at: Date): string {
  const time = at.toISOString();
  if (event.kind !== 'record') return JSON.stringify({ time, ...event });
  const { id, prev, lsn, tags, isHorizon } = event.record;
  return JSON.stringify({ time, kind: 'record', epoch: event.epoch, id, prev, lsn, isHorizon, tags });
}

function renderLine(event: TailEvent, at: Date, { dim, bold, yellow, red, green }: Colors): string {
  const time = dim(`${at.toTimeString().slice(0, 8)}.${String(at.getMilliseconds()).padStart(3, '0')}`);
  switch (event.kind) {
    case 'record': {
      const { id, tags, isHorizon } = event.record;
      const text = isHorizon ? yellow('too much to name: all that is older is void') : listTags(tags);
      return `${time}  ${bold(`${event.epoch}:${id}`)}  ${text}`;
    }
    case 'gap':
      return `${time}  ${yellow(`${event.epoch}:${event.to}  not in the log any more: all that is older is void`)}`;
    case 'epoch':
      return `${time}  ${yellow(`${event.epoch}  a new epoch: PostgreSQL may have lost commits, all that is older is void`)}`;
    case 'away':
      return `${time}  ${red(`the log can't be watched: ${event.reason}`)}`;
    case 'back':
      return `${time}  ${green('the log is back')}`;
  }
}

function listTags(tags: readonly string[]): string {
  const more = tags.length - MAX_SHOWN_TAGS;
  const shown = tags.slice(0, MAX_SHOWN_TAGS).join('  ');
  return more > 0 ? `${shown}  … and ${more} more` : shown;
}
