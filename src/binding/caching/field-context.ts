import type { DynamicHint } from '../../cache/policy/cache-policy.js';
import type { Viewer } from '../../identity/viewer.js';
import type { FieldTrace, ReadRecorder } from '../../reads/tags/read-recorder.js';
import type { RequestContext } from '../request-context.js';
import type { FieldResolver } from '../resolvers.js';

/** The contexts of one recorded operation's hand-written fields, by coordinate: rows of a list share one. */
const contexts = new WeakMap<ReadRecorder, Map<string, RequestContext>>();

/**
 * The same resolver; where it is to be known what an operation depends on, it gets a context that notes what the resolver
 * takes from it: who asks, and whether it reads at all.
 */
export function recordingField(resolve: FieldResolver, coordinate: string, isRoot: boolean): FieldResolver {
  return (parent, args, context, info) =>
    resolve(parent, args, findFieldContext(context, coordinate, isRoot), info);
}

/** The context itself, where nothing is recorded. */
export function findFieldContext(
  context: RequestContext,
  coordinate: string,
  isRoot: boolean,
): RequestContext {
  const recorder = context.recorder ?? null;
  if (recorder === null) return context;
  let known = contexts.get(recorder);
  if (known === undefined) {
    known = new Map();
    contexts.set(recorder, known);
  }
  let own = known.get(coordinate);
  if (own === undefined) {
    own = createFieldContext(context, recorder, recorder.traceField(coordinate, isRoot));
    known.set(coordinate, own);
  }
  return own;
}

function createFieldContext(
  context: RequestContext,
  recorder: ReadRecorder,
  trace: FieldTrace,
): RequestContext {
  const { coordinate } = trace;
  return Object.create(context, {
    viewer: { value: watchViewer(context.viewer, (part) => recorder.noteVaried(part, coordinate)) },
    vary: {
      value: (name: string) => {
        recorder.noteVaried(name, coordinate);
        return context.vary(name);
      },
    },
    session: {
      get() {
        recorder.noteUnseen({ coordinate, why: 'it uses the session of the browser that asks' });
        return context.session;
      },
    },
    rateLimit: {
      get() {
        recorder.noteUnseen({ coordinate, why: 'it tells what its caller has left' });
        return context.rateLimit;
      },
    },
    prisma: {
      get() {
        trace.hasRead = true;
        trace.usesClient = true;
        return context.prisma;
      },
    },
    reads: {
      get() {
        trace.hasRead = true;
        return context.reads;
      },
    },
    tag: {
      value: (...tags: readonly string[]) => {
        trace.isTagged = true;
        recorder.noteTags(tags);
      },
    },
    cacheHint: { value: (hint: DynamicHint) => recorder.noteHint(hint) },
  });
}

/** The same viewer; what is asked about them is noted. */
function watchViewer(viewer: Viewer, note: (part: 'ID' | 'TIER' | 'SCOPES') => void): Viewer {
  const asking = <Value>(part: Parameters<typeof note>[0], read: () => Value) => ({
    enumerable: true,
    get: (): Value => {
      note(part);
      return read();
    },
  });
  return Object.defineProperties({} as Viewer, {
    id: asking('ID', () => viewer.id),
    isAuthenticated: asking('ID', () => viewer.isAuthenticated),
    tier: asking('TIER', () => viewer.tier),
    scopes: asking('SCOPES', () => viewer.scopes),
  });
}
