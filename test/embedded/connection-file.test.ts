import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPassword, readConnection, writeConnection } from '../../src/embedded/connection-file.js';
import { makeTemporaryFolder } from './temporary-folder.js';

const folder = makeTemporaryFolder();
const file = join(folder.path, 'server.json');
afterAll(() => folder.remove());

describe('How an embedded server is reached', () => {
  it('is kept in a file that only its owner may read', () => {
    const connection = { port: 20_001, password: createPassword() };
    writeConnection(file, connection);
    expect(readConnection(file)).toEqual(connection);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('is unknown where the file is missing, cut off or of another shape', () => {
    expect(readConnection(join(folder.path, 'missing.json'))).toBeNull();
    for (const text of ['', '{"port": 1', 'null', '7', '{"port":"1","password":"p"}', '{"port":1}']) {
      writeFileSync(file, text);
      expect([text, readConnection(file)]).toEqual([text, null]);
    }
  });

  it('has a password that needs no escaping and is different every time', () => {
    expect(createPassword()).toMatch(/^[0-9a-f]{48}$/);
    expect(createPassword()).not.toBe(createPassword());
  });

  it('is not hidden behind an error of another kind', () => {
    expect(() => readConnection(folder.path)).toThrow('EISDIR');
  });
});
