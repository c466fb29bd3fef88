import { encodeStable } from '../kernel/stable-encoding.js';
import type { BatchLoader } from './batch-loader.js';

/** A loader for each spec that was met, found by the spec's identity or, failing that, by its content. */
export class LoaderTable<Spec extends object, Value> {
  private readonly byIdentity = new WeakMap<Spec, BatchLoader<Value>>();
  private readonly byContent = new Map<string, BatchLoader<Value>>();

  constructor(private readonly createLoader: (spec: Spec) => BatchLoader<Value>) {}

  get(spec: Spec): BatchLoader<Value> {
    let loader = this.byIdentity.get(spec);
    if (loader === undefined) {
      const content = encodeStable(spec);
      loader = this.byContent.get(content);
      if (loader === undefined) {
        loader = this.createLoader(spec);
        this.byContent.set(content, loader);
      }
      this.byIdentity.set(spec, loader);
    }
    return loader;
  }
}

/** Promises by what was asked. A failure isn't kept: whoever asks again gets another attempt. */
export class PromiseTable<Asked, Value> {
  private readonly promises = new Map<string, Promise<Value>>();

  getOrStart(asked: Asked, start: (asked: Asked) => Promise<Value>): Promise<Value> {
    const content = encodeStable(asked);
    const known = this.promises.get(content);
    if (known !== undefined) return known;
    const promise = start(asked);
    this.promises.set(content, promise);
    promise.catch(() => this.promises.delete(content));
    return promise;
  }
}
