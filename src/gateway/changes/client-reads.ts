import type { Model, ModelGraph, Relation } from '../../model/model-graph.js';
import type { ReadRecorder } from '../../reads/tags/read-recorder.js';
import { type LazyPromise, replaceMembers } from './replace-members.js';

type Method = (...args: readonly unknown[]) => LazyPromise;

/**
 * Notes which models are read through an app's Prisma Client: those that a call names, by itself or by its relations. What
 * of their rows it reads can't be told, so the answer depends on anything about them.
 */
export class ClientReads {
  readonly #models: ReadonlyMap<string, Model>;

  /** @param findRecorder null: nobody wants to know */
  constructor(
    private readonly graph: ModelGraph,
    private readonly findRecorder: () => ReadRecorder | null,
  ) {
    this.#models = new Map([...graph.models.values()].map((model) => [delegateOf(model.name), model]));
  }

  /** What the caller gets in the place of the read: `findUnique(…).relation()` reads another model. */
  note(delegate: string, args: readonly unknown[], promise: LazyPromise): LazyPromise {
    const recorder = this.findRecorder();
    if (recorder === null) return promise;
    const model = this.#models.get(delegate);
    if (model === undefined) {
      recorder.noteUnseen({ coordinate: null, why: `it reads ${delegate}, which is not in the model graph` });
      return promise;
    }
    this.#noteModel(model, args, recorder);
    return this.#follow(model, promise, recorder);
  }

  noteRawSql(): void {
    this.findRecorder()?.noteRawSql();
  }

  /** FRESHNESS, rule 10: what is read there may never have been committed. */
  noteTransaction(): void {
    this.findRecorder()?.noteUnseen({ coordinate: null, why: 'something was read in a transaction' });
  }

  #noteModel(model: Model, asked: unknown, recorder: ReadRecorder): void {
    recorder.noteModel(model.name);
    this.#walk(model, asked, recorder);
  }

  /** Whatever is named as one of the model's relations is read, wherever in a call it stands. */
  #walk(model: Model, asked: unknown, recorder: ReadRecorder): void {
    if (Array.isArray(asked)) {
      for (const part of asked) this.#walk(model, part, recorder);
      return;
    }
    if (typeof asked !== 'object' || asked === null || asked instanceof Date || asked instanceof Uint8Array)
      return;
    for (const [name, part] of Object.entries(asked)) {
      const relation = model.relations.get(name);
      if (relation === undefined) this.#walk(model, part, recorder);
      else this.#noteRelation(relation, part, recorder);
    }
  }

  #noteRelation(relation: Relation, asked: unknown, recorder: ReadRecorder): void {
    if (relation.link.kind === 'join') recorder.noteModel(relation.link.table);
    const target = this.graph.models.get(relation.target);
    if (target === undefined) recorder.noteUnseen({ coordinate: null, why: `it reads ${relation.target}` });
    else this.#noteModel(target, asked, recorder);
  }

  #follow(model: Model, promise: LazyPromise, recorder: ReadRecorder): LazyPromise {
    if (model.relations.size === 0) return promise;
    return replaceMembers(promise, (name, member) => {
      if (typeof member !== 'function') return member;
      const relation = model.relations.get(name);
      if (relation === undefined)
        return (...args: readonly unknown[]) => Reflect.apply(member, promise, args);
      return (...args: readonly unknown[]) => {
        this.#noteRelation(relation, args, recorder);
        const further = (member as Method)(...args);
        const target = this.graph.models.get(relation.target);
        return target === undefined ? further : this.#follow(target, further, recorder);
      };
    });
  }
}

/** Prisma Client's name for what reads and writes a model. */
function delegateOf(model: string): string {
  return model.charAt(0).toLowerCase() + model.slice(1);
}
