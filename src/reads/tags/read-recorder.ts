import type { DynamicHint } from '../../cache/policy/cache-policy.js';
import { anyTag } from '../../changes/tags/tag-grammar.js';
import type { ReadDependences } from './dependences.js';
import type { ReadTagging } from './read-tagging.js';
import type { RecordedPart } from './recorded-part.js';

/** All that an operation was seen to depend on. */
export interface RecordedReads {
  readonly tags: readonly string[];
  readonly models: readonly string[];
  /** Models whose changes nobody can tell of: such an answer is kept by time alone. */
  readonly uncaptured: readonly string[];
  /** What of its viewer, or of the request, made it come out as it did. */
  readonly variedBy: readonly VariedBy[];
  /** What was kept before, and is in it. */
  readonly parts: readonly RecordedPart[];
  /** What couldn't be seen: then nobody knows what the answer depends on. */
  readonly unseen: readonly UnseenRead[];
  /** The strictest of all that resolvers said. */
  readonly hint: DynamicHint;
}

export interface VariedBy {
  /** `ID`: who the viewer is; else what hints name in `vary`, such as `TIER`. */
  readonly part: string;
  /** Of the field that asked; null: rows were read that are the viewer's own. */
  readonly coordinate: string | null;
}

export interface UnseenRead {
  /** Of the field, such as `Query.animals`; null where it isn't known which one it was. */
  readonly coordinate: string | null;
  readonly why: string;
}

/** What one hand-written field was seen to do, wherever it stands in the answer. */
export interface FieldTrace {
  readonly coordinate: string;
  /** Nothing above it could have read for it. */
  readonly isRoot: boolean;
  /** It got hold of something to read with, all of which is seen. */
  hasRead: boolean;
  usesClient: boolean;
  /** It said itself what it depends on. */
  isTagged: boolean;
}

/**
 * Gathers what one operation depends on while it is executed. What was read is only noted; tags are made of it at the end,
 * and only where the answer can be kept at all.
 */
export class ReadRecorder {
  readonly #reads: (() => ReadDependences)[] = [];
  readonly #tags = new Set<string>();
  readonly #models = new Set<string>();
  /** By part. */
  readonly #variedBy = new Map<string, VariedBy>();
  readonly #parts: RecordedPart[] = [];
  readonly #unseen: UnseenRead[] = [];
  readonly #traces = new Map<string, FieldTrace>();
  #usesRawSql = false;
  #maxAgeSeconds: number | undefined;
  #isPrivate = false;

  constructor(readonly tagging: ReadTagging) {}

  note(read: () => ReadDependences): void {
    this.#reads.push(read);
  }

  noteTags(tags: readonly string[]): void {
    for (const tag of tags) this.#tags.add(tag);
  }

  /** Tags about rows of these models. */
  noteRead(tags: readonly string[], models: readonly string[]): void {
    this.noteTags(tags);
    for (const model of models) this.#models.add(model);
  }

  /** Anything about the model's rows. */
  noteModel(model: string): void {
    this.#tags.add(anyTag(model));
    this.#models.add(model);
  }

  /** Something came out as it did because of who asks, or of how. */
  noteVaried(part: string, coordinate: string | null): void {
    if (!this.#variedBy.has(part)) this.#variedBy.set(part, { part, coordinate });
  }

  /** SQL of an app's own, whose reads nobody can see. */
  noteRawSql(): void {
    this.#usesRawSql = true;
  }

  /** The same for all calls of one field. */
  traceField(coordinate: string, isRoot: boolean): FieldTrace {
    let trace = this.#traces.get(coordinate);
    if (trace === undefined) {
      trace = { coordinate, isRoot, hasRead: false, usesClient: false, isTagged: false };
      this.#traces.set(coordinate, trace);
    }
    return trace;
  }

  /** Something that was kept before is in the answer. */
  notePart(part: RecordedPart): void {
    this.#parts.push(part);
  }

  /** What was recorded by itself is in the answer. */
  absorb({ tags, models, variedBy, parts, unseen, hint }: RecordedReads): void {
    for (const tag of tags) this.#tags.add(tag);
    for (const model of models) this.#models.add(model);
    for (const { part, coordinate } of variedBy) this.noteVaried(part, coordinate);
    this.#parts.push(...parts);
    this.#unseen.push(...unseen);
    this.noteHint(hint);
  }

  noteUnseen(read: UnseenRead): void {
    this.#unseen.push(read);
  }

  noteHint({ maxAgeSeconds, scope }: DynamicHint): void {
    if (maxAgeSeconds !== undefined) {
      this.#maxAgeSeconds = Math.min(this.#maxAgeSeconds ?? Number.POSITIVE_INFINITY, maxAgeSeconds);
    }
    this.#isPrivate ||= scope === 'PRIVATE';
  }

  finish(): RecordedReads {
    const uncaptured = new Set<string>();
    for (const read of this.#reads) {
      const { tags, models, uncaptured: untold } = read();
      for (const tag of tags) this.#tags.add(tag);
      for (const model of models) this.#models.add(model);
      for (const model of untold) uncaptured.add(model);
    }
    this.#reads.length = 0;
    return {
      tags: [...this.#tags],
      models: [...this.#models],
      uncaptured: [...uncaptured],
      variedBy: [...this.#variedBy.values()],
      parts: [...this.#parts],
      unseen: [...this.#unseen, ...this.#listUntold()],
      hint: { maxAgeSeconds: this.#maxAgeSeconds, scope: this.#isPrivate ? 'PRIVATE' : undefined },
    };
  }

  #listUntold(): readonly UnseenRead[] {
    const untagged = [...this.#traces.values()].filter(({ isTagged }) => !isTagged);
    const unseen = untagged
      .filter(({ isRoot, hasRead }) => isRoot && !hasRead)
      .map(({ coordinate }) => ({
        coordinate,
        why: 'nothing was seen of what it reads; say it with context.tag',
      }));
    if (!this.#usesRawSql) return unseen;
    const users = untagged.filter(({ usesClient }) => usesClient);
    const raw = users.map(({ coordinate }) => ({
      coordinate,
      why: 'raw SQL was used; say what it reads with context.tag',
    }));
    return this.#traces.size === 0
      ? [...unseen, { coordinate: null, why: 'raw SQL was used' }]
      : [...unseen, ...raw];
  }
}
