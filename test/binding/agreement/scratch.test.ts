import { expectAgreement } from './agreement.js';
import { openZooAgreement } from './zoo-agreement.js';

it('x', async () => {
  const zoo = await openZooAgreement();
  try {
    const n = Number(process.env.N ?? 5000);
    const seed = Number(process.env.SEED ?? 1e6);
    console.log(
      await expectAgreement({ ...zoo, operations: n, seed, prismaEvery: Number(process.env.P ?? 1) }),
    );
  } finally {
    await zoo.close();
  }
}, 6000000);
