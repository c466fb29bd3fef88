/** Takes memory until there is none. */
export default function leak(): never {
  const kept: unknown[] = [];
  for (;;) kept.push(new Array(10_000).fill(Math.random()));
}
