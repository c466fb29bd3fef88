/**
 * What Prisma Client's methods give: it begins when someone waits for it, or when a batch takes it up.
 */
export interface LazyPromise extends PromiseLike<unknown> {
  readonly [name: PropertyKey]: unknown;
}

/** `target` with what `replace` makes of each member that has a name; asked for once. */
export function replaceMembers<Target extends object>(
  target: Target,
  replace: (name: string, member: unknown) => unknown,
): Target {
  const replaced = new Map<string, unknown>();
  return new Proxy(target, {
    get(from, name) {
      if (typeof name === 'symbol') return Reflect.get(from, name);
      if (replaced.has(name)) return replaced.get(name);
      const member = replace(name, Reflect.get(from, name));
      replaced.set(name, member);
      return member;
    },
  });
}
