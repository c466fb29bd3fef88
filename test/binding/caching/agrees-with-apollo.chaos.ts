import { compareWithApollo } from './agrees-with-apollo.js';

it('policies are those of Apollo Server, and never looser, over many generated hints and operations', async () => {
  const agreement = await compareWithApollo(20_000);
  console.log(agreement);
  expect(agreement.equal).toBeGreaterThan(2_500);
  expect(agreement.abstract).toBeGreaterThan(2_500);
}, 600_000);
