import { compareWithApollo } from './agrees-with-apollo.js';

it('policies are those of Apollo Server, and never looser, over generated hints and operations', async () => {
  const { equal, abstract, cacheable } = await compareWithApollo(250);
  expect(equal).toBeGreaterThan(50);
  expect(abstract).toBeGreaterThan(30);
  expect(cacheable).toBeGreaterThan(10);
});
