import type { ClientReads } from './client-reads.js';
import { type LazyPromise, replaceMembers } from './replace-members.js';
import { type RequestWrites, strongerCause, type WriteCause } from './request-writes.js';
import { MODEL_READS, MODEL_WRITES, RAW_OPERATIONS } from './write-operations.js';

type Method = (...args: readonly unknown[]) => unknown;
type Operation = (...args: readonly unknown[]) => LazyPromise;

/** What is done with operations that write or may, at the top or inside of a transaction. */
interface Watch {
  /** What the caller gets in the place of a model's read. */
  read(delegate: string, args: readonly unknown[], promise: LazyPromise): LazyPromise;
  /** What the caller gets in the place of an operation, which has not begun yet. */
  operation(cause: WriteCause, promise: LazyPromise): LazyPromise;
  transaction(begin: (inside: TransactionWatch) => Promise<unknown>): Promise<unknown>;
}

interface TransactionWatch extends Watch {
  /** Something in the transaction writes or may. */
  note(cause: WriteCause): void;
}

/** Causes of the operations that were handed out, for the batch that they may become part of. */
const causes = new WeakMap<object, WriteCause>();

/**
 * A Prisma Client that notes what is written through it: single operations, batches, interactive transactions and
 * raw SQL, and of clients that extend it as well. What is done through `$parent` goes unnoticed.
 *
 * A proxy, since a request that asks for a client gets one of its own: by `$extends` it would pay a hundred
 * microseconds of CPU for that (bench/changes/own-writes.mjs). The one who made the client closes it.
 */
export function watchClient<Client extends object>(
  client: Client,
  writes: RequestWrites,
  reads: ClientReads | null = null,
): Client {
  return proxyClient(client, {
    read: (delegate, args, promise) => reads?.note(delegate, args, promise) ?? promise,
    operation(cause, promise) {
      if (cause === 'may-have-written') reads?.noteRawSql();
      const watched = watchPromise(promise, (work) => {
        writes.begin(cause);
        return writes.track(work, () => cause);
      });
      causes.set(watched, cause);
      return watched;
    },
    transaction(begin) {
      reads?.noteTransaction();
      let strongest: WriteCause | null = null;
      const inside: TransactionWatch = {
        read: (_delegate, _args, promise) => promise,
        note(cause) {
          writes.begin(cause);
          strongest = strongerCause(strongest, cause);
        },
        operation(cause, promise) {
          inside.note(cause);
          return promise;
        },
        transaction: (beginNested) => beginNested(inside),
      };
      // Whatever its parts did, nobody else sees any of it before its end.
      return writes.track(begin(inside), () => strongest);
    },
  });
}

function proxyClient<Client extends object>(client: Client, watch: Watch): Client {
  return replaceMembers(client, (name, member) => {
    if (typeof member === 'function') return watchMethod(client, name, member as Method, watch);
    return isDelegate(name, member) ? proxyDelegate(name, member, watch) : member;
  });
}

function watchMethod(client: object, name: string, method: Method, watch: Watch): Method {
  const call: Method = (...args) => Reflect.apply(method, client, args);
  const cause = RAW_OPERATIONS.get(name);
  if (cause !== undefined) return (...args) => watch.operation(cause, call(...args) as LazyPromise);
  switch (name) {
    case '$transaction':
      return (work, options) => watch.transaction((inside) => beginTransaction(call, work, options, inside));
    case '$extends':
      return (...args) => proxyClient(call(...args) as object, watch);
    default:
      return method;
  }
}

function beginTransaction(
  call: Method,
  work: unknown,
  options: unknown,
  inside: TransactionWatch,
): Promise<unknown> {
  if (typeof work === 'function') {
    return call((client: object) => work(proxyClient(client, inside)), options) as Promise<unknown>;
  }
  for (const operation of Array.isArray(work) ? work : []) {
    const cause = causes.get(operation);
    if (cause !== undefined) inside.note(cause);
  }
  return call(work, options) as Promise<unknown>;
}

function proxyDelegate(delegateName: string, delegate: object, watch: Watch): object {
  return replaceMembers(delegate, (name, member) => {
    if (MODEL_READS.has(name)) {
      return (...args: readonly unknown[]) => watch.read(delegateName, args, (member as Operation)(...args));
    }
    if (!MODEL_WRITES.has(name)) return member;
    return (...args: readonly unknown[]) => watch.operation('wrote', (member as Operation)(...args));
  });
}

/** `track` is called with the operation once it has begun. */
function watchPromise(
  promise: LazyPromise,
  track: (work: Promise<unknown>) => Promise<unknown>,
): LazyPromise {
  let begun: Promise<unknown> | null = null;
  function begin(): Promise<unknown> {
    begun ??= track(Promise.resolve(promise));
    return begun;
  }
  return replaceMembers(promise, (name, member) => {
    if (typeof member !== 'function') return member;
    switch (name) {
      case 'then':
      case 'catch':
      case 'finally':
        return (...args: readonly unknown[]) => Reflect.apply(begin()[name], begin(), args);
      case 'requestTransaction':
        return member;
      default:
        // `update(…).relation()`: the same operation with another answer.
        return (...args: readonly unknown[]) => watchPromise((member as Operation)(...args), track);
    }
  });
}

function isDelegate(name: string, member: unknown): member is object {
  return !name.startsWith('_') && typeof member === 'object' && member !== null && 'findMany' in member;
}
