import { parse, validate } from 'graphql';
import { compareDrivers } from './agreement.js';
import { drawOperation } from './random-operation.js';
import { openZooAgreement } from './zoo-agreement.js';

it('x', async () => {
  const zoo = await openZooAgreement();
  let draw = 0,
    par = 0,
    val = 0,
    len = 0,
    cmp = 0;
  const ms = { compiled: 0, plan: 0, pg: 0, prisma: 0 };
  for (let seed = 1; seed <= 1000; seed++) {
    let t = performance.now();
    const op = drawOperation(zoo.source, seed);
    draw += performance.now() - t;
    t = performance.now();
    const d = parse(op.text);
    par += performance.now() - t;
    t = performance.now();
    const errors = validate(zoo.drivers.schema, d);
    val += performance.now() - t;
    len += op.text.length;
    t = performance.now();
    if (errors.length === 0) await compareDrivers(zoo.drivers, d, op, false, ms);
    cmp += performance.now() - t;
  }
  console.log({ draw, par, val, len, cmp }, ms);
  await zoo.close();
}, 100000);
