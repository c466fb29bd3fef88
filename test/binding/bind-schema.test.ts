import { printSchema } from 'graphql';
import { bindZoo } from './zoo-schema.js';

describe('binding the zoo', () => {
  it('finds a place for every field', async () => {
    const schema = await bindZoo();
    expect(printSchema(schema)).toContain('type Animal implements Node');
  });
});
