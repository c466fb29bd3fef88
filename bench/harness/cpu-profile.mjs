const NOT_WORK = new Set(['(idle)', '(root)']);

/**
 * Sums up where the time of a CPU profile of V8 went, by function and by part.
 *
 * @param from,to µs of the monotonic clock (`process.hrtime`): only what was sampled in between counts
 * @returns shares of the time in which the process worked, largest first
 */
export function summariseProfile(profile, { from, to, rootUrl }) {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const functions = new Map();
  const parts = new Map();
  let clock = profile.startTime;
  let total = 0;
  for (const [index, id] of profile.samples.entries()) {
    const micros = profile.timeDeltas[index];
    clock += micros;
    if (clock < from || clock > to) continue;
    const { functionName, url, lineNumber } = nodes.get(id).callFrame;
    if (NOT_WORK.has(functionName)) continue;
    total += micros;
    const place = shorten(url, rootUrl);
    const name = `${functionName || '(anonymous)'}${place === '' ? '' : ` ${place}:${lineNumber + 1}`}`;
    functions.set(name, (functions.get(name) ?? 0) + micros);
    const part = nameOfPart(functionName, place);
    parts.set(part, (parts.get(part) ?? 0) + micros);
  }
  const toShares = (sums) =>
    [...sums]
      .sort(([, a], [, b]) => b - a)
      .map(([name, micros]) => ({ name, micros, share: micros / total }));
  return { totalMicros: total, functions: toShares(functions), parts: toShares(parts) };
}

function shorten(url, rootUrl) {
  return decodeURI(url).replace(decodeURI(rootUrl), '');
}

/** A package, a folder of Sluice, Node.js itself, or what V8 does by itself. */
function nameOfPart(functionName, place) {
  if (place === '') return functionName.startsWith('(') ? functionName : '(native)';
  if (place.startsWith('node:')) return 'node';
  const [, packageName] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(place) ?? [];
  if (packageName !== undefined) return packageName;
  return place
    .split('/')
    .slice(0, 3)
    .join('/')
    .replace(/\/[^/]*\.m?js$/, '');
}
