import { Writable } from 'node:stream';
import { createLogger } from '../../src/telemetry/logger.js';

function capture(format: 'json' | 'pretty', level = 'info') {
  let output = '';
  const destination = new Writable({
    write(chunk, _encoding, done) {
      output += String(chunk);
      done();
    },
  });
  const log = createLogger({ level, format, destination });
  return { log, read: () => output };
}

describe.each(['json', 'pretty'] as const)('A logger in %s format', (format) => {
  it('never writes credentials', () => {
    const { log, read } = capture(format);
    const headers = {
      authorization: 'Bearer hunter2',
      cookie: 'hunter2',
      'set-cookie': 'hunter2',
      accept: 'x/y',
    };
    log.info({ headers, req: { headers }, ...headers }, 'hello');
    expect(read()).not.toContain('hunter2');
    expect(read()).toContain('x/y');
    expect(read()).toContain('[redacted]');
  });

  it('writes errors with message and stack, and what caused them', () => {
    const { log, read } = capture(format);
    log.error({ err: new Error('outer', { cause: new Error('inner') }) }, 'failed');
    expect(read()).toContain('outer');
    expect(read()).toContain('inner');
    expect(read()).toContain('logger.test');
  });

  it('leaves out what is below its level', () => {
    const { log, read } = capture(format, 'warn');
    log.info('unheard');
    log.warn('heard');
    expect(read()).toContain('heard');
    expect(read()).not.toContain('unheard');
  });
});

describe('A logger', () => {
  it('writes one JSON object a line with a time that machines read', () => {
    const { log, read } = capture('json');
    log.info({ a: 1 }, 'one');
    log.info('two');
    const lines = read()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toMatchObject([{ level: 30, a: 1, msg: 'one' }, { msg: 'two' }]);
    expect(new Date(lines[0].time).getTime()).toBeGreaterThan(0);
    expect(lines[0]).not.toHaveProperty('hostname');
  });

  it('can write to standard output', () => {
    const log = createLogger({ level: 'silent', format: 'json' });
    expect(() => log.info('nothing')).not.toThrow();
  });
});
