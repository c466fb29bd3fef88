import { findPhase } from '../../../src/cache/entries/cache-entry.js';
import { ResponseCache } from '../../../src/cache/responses/response-cache.js';
import { SharedDrains } from '../../../src/changes/drain/shared-drains.js';
import { AppliedLog } from '../../../src/changes/node/applied-log.js';
import { OwnWrites } from '../../../src/changes/node/own-writes.js';
import { Trust } from '../../../src/changes/node/trust.js';
import { NOWHERE, type Position } from '../../../src/changes/position.js';
import { PositionTokens } from '../../../src/changes/position-tokens.js';
import { AnswerKeeper } from '../../../src/gateway/caching/answer-keeper.js';
import { ViewerParts } from '../../../src/gateway/caching/viewer-part.js';
import { ClientReads } from '../../../src/gateway/changes/client-reads.js';
import { RequestChanges } from '../../../src/gateway/changes/request-changes.js';

const NO_TAGS = new Uint32Array();

/**
 * Rules of FRESHNESS that a node can be made to break, each by one method that is replaced before anything is composed:
 * the product itself has no switch for any of it.
 */
export const SABOTAGES: ReadonlyMap<string, () => void> = new Map([
  [
    'tags are not looked at',
    () =>
      replaceIsValid((applied, isValid, [stamp, , models]) => isValid.call(applied, stamp, NO_TAGS, models)),
  ],
  [
    'changes of a whole model are not looked at',
    () => replaceIsValid((applied, isValid, [stamp, tags]) => isValid.call(applied, stamp, tags, NO_TAGS)),
  ],
  [
    'the horizon is not looked at',
    () =>
      replaceIsValid((applied, isValid, [{ epoch, id }, tags, models]) =>
        isValid.call(applied, { epoch, id: Math.max(id, applied.horizon) }, tags, models),
      ),
  ],
  [
    'the epoch is not looked at',
    () =>
      replaceIsValid((applied, isValid, [{ id }, tags, models]) =>
        isValid.call(applied, { epoch: applied.position.epoch, id }, tags, models),
      ),
  ],
  [
    'trust does not end',
    () =>
      replaceGetter(Trust.prototype, 'isTrusted', function (this: Trust) {
        return this.isSettled;
      }),
  ],
  [
    'a write that nobody was told of is forgotten',
    () => {
      Trust.prototype.addPendingWrite = () => undefined;
    },
  ],
  [
    'own writes are not told of before they are answered',
    () => {
      const findPosition = watchPosition();
      OwnWrites.prototype.settle = async () => ({ isDrained: true, position: findPosition() });
    },
  ],
  [
    'a write joins a drain that has looked already',
    () => {
      const { drain } = SharedDrains.prototype;
      let running: ReturnType<typeof drain> | null = null;
      SharedDrains.prototype.drain = function (...args) {
        running ??= drain.apply(this, args).finally(() => {
          running = null;
        });
        return running;
      };
    },
  ],
  [
    'the position that a client names is not waited for',
    () => {
      const { read } = PositionTokens.prototype;
      PositionTokens.prototype.read = function (token) {
        const position = read.call(this, token);
        return position && { ...position, id: 0 };
      };
    },
  ],
  [
    'the stamp is taken after the reads',
    () => {
      const findPosition = watchPosition();
      const { finish } = AnswerKeeper.prototype;
      AnswerKeeper.prototype.finish = function (context, result, fill) {
        return finish.call(this, context, result, { ...fill, stamp: findPosition() });
      };
    },
  ],
  [
    'answers with errors are kept',
    () => {
      const { finish } = AnswerKeeper.prototype;
      AnswerKeeper.prototype.finish = function (context, result, fill) {
        if (result.errors === undefined) return finish.call(this, context, result, fill);
        finish.call(this, context, { data: result.data }, fill);
        return null;
      };
    },
  ],
  [
    'what was read in a transaction is kept',
    () => {
      ClientReads.prototype.noteTransaction = () => undefined;
      replaceGetter(RequestChanges.prototype, 'mayKeep', () => true);
    },
  ],
  [
    'who joins a computation takes what comes of it',
    () => {
      ResponseCache.prototype.mayServe = async () => true;
    },
  ],
  [
    'what is stale while it is revalidated may be void',
    () => {
      const { lookUp } = ResponseCache.prototype;
      ResponseCache.prototype.lookUp = async function (cache, key, group) {
        const entry = cache.find(key);
        if (entry === undefined || findPhase(entry, Date.now()) !== 'stale-while-revalidate')
          return lookUp.call(this, cache, key, group);
        return { kind: 'hit', entry, isStale: true, tier: 'memory', voidedBy: null };
      };
    },
  ],
  [
    'what is private has no viewer in its key',
    () => {
      const { find } = ViewerParts.prototype;
      ViewerParts.prototype.find = function (viewer, policy, variation) {
        return viewer.id === null ? null : find.call(this, viewer, { ...policy, scope: 'PUBLIC' }, variation);
      };
    },
  ],
]);

type IsValid = AppliedLog['isValid'];

function replaceIsValid(
  judge: (applied: AppliedLog, isValid: IsValid, args: Parameters<IsValid>) => boolean,
): void {
  const { isValid } = AppliedLog.prototype;
  AppliedLog.prototype.isValid = function (...args) {
    return judge(this, isValid, args);
  };
}

function replaceGetter(prototype: object, name: string, get: () => unknown): void {
  Object.defineProperty(prototype, name, { get, configurable: true });
}

/** Finds what this process has applied, for those who are not told. */
function watchPosition(): () => Position {
  let applied: AppliedLog | null = null;
  const { adopt } = AppliedLog.prototype;
  AppliedLog.prototype.adopt = function (epoch) {
    applied = this;
    return adopt.call(this, epoch);
  };
  return () => applied?.position ?? NOWHERE;
}
