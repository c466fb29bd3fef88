import { Session } from 'node:inspector/promises';
import { drawOperation } from './random-operation.js';
import { openZooAgreement } from './zoo-agreement.js';

it('x', async () => {
  const zoo = await openZooAgreement();
  const s = new Session();
  s.connect();
  await s.post('Profiler.enable');
  await s.post('Profiler.start');
  let t = performance.now();
  for (let seed = 1; seed <= 1500; seed++) drawOperation(zoo.source, seed);
  t = performance.now() - t;
  const { profile } = await s.post('Profiler.stop');
  const self = new Map<string, number>();
  const dt = profile.timeDeltas!;
  const by = new Map(profile.nodes.map((n) => [n.id, n]));
  profile.samples!.forEach((id, i) => {
    const f = by.get(id)!.callFrame;
    const k = `${f.functionName} ${f.url.split('/').slice(-2).join('/')}:${f.lineNumber}`;
    self.set(k, (self.get(k) ?? 0) + dt[i]!);
  });
  console.log(
    t,
    [...self]
      .sort((a, b) => b[1] - a[1])
      .slice(0, 18)
      .map(([k, v]) => `${(v / 1000).toFixed(0)} ${k}`)
      .join('\n'),
  );
  await zoo.close();
}, 100000);
