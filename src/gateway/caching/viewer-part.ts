import type { Bindings } from '../../binding/bindings.js';
import type { CachePolicy } from '../../cache/policy/cache-policy.js';
import { VIEWER_VARY } from '../../cache/policy/vary-definition.js';
import type { Viewer } from '../../identity/viewer.js';
import { encodeStable } from '../../kernel/stable-encoding.js';
import type { Variation } from './variations.js';

/**
 * The part of a key that says for whom an answer is. Who may select what is part of it always: an answer leaves out what
 * its viewer may not see. Null: for nobody, as an answer that is private needs someone whose it is.
 */
export class ViewerParts {
  /** By viewer, then by what the policy asks of them. */
  readonly #known = new WeakMap<Viewer, Map<string, string>>();

  constructor(private readonly bindings: Bindings | null) {}

  find(viewer: Viewer, policy: Pick<CachePolicy, 'scope' | 'vary'>, variation: Variation): string | null {
    if (policy.scope === 'PRIVATE' && viewer.id === null) return null;
    const part = this.#findOwn(viewer, policy);
    const registered = policy.vary.filter((name) => !VIEWER_VARY.has(name));
    if (registered.length === 0) return part;
    return part + encodeStable(registered.map((name) => variation.find(name)));
  }

  #findOwn(viewer: Viewer, policy: Pick<CachePolicy, 'scope' | 'vary'>): string {
    const asked = policy.scope === 'PRIVATE' ? 'PRIVATE' : policy.vary.join();
    let parts = this.#known.get(viewer);
    if (parts === undefined) {
      parts = new Map();
      this.#known.set(viewer, parts);
    }
    let part = parts.get(asked);
    if (part === undefined) {
      part = this.#write(viewer, policy);
      parts.set(asked, part);
    }
    return part;
  }

  #write(viewer: Viewer, { scope, vary }: Pick<CachePolicy, 'scope' | 'vary'>): string {
    const { tier, id } = viewer;
    const scopes = [...viewer.scopes].sort();
    // A resolver may ask anything of its viewer, so everything about them counts.
    if (scope === 'PRIVATE') return encodeStable({ access: this.#accessOf(viewer), id, tier, scopes });
    return encodeStable({
      access: this.#accessOf(viewer),
      tier: vary.includes('TIER') ? tier : undefined,
      scopes: vary.includes('SCOPES') ? scopes : undefined,
    });
  }

  #accessOf(viewer: Viewer): string | undefined {
    const authorization = this.bindings?.authorization;
    return authorization?.hasRequirements ? authorization.accessOf(viewer).key : undefined;
  }
}
