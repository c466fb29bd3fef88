import { askExample } from '../../src/cli/ask-example.js';
import { renderBanner } from '../../src/cli/banner.js';
import { ClosingStack } from '../../src/cli/closing-stack.js';
import { holdOutput } from '../../src/cli/held-output.js';
import { createProgress } from '../../src/cli/progress.js';
import { reportError } from '../../src/cli/report-error.js';
import { settleAll } from '../../src/cli/settle-all.js';
import { listenToStopSignals } from '../../src/cli/stop-signals.js';
import { createTerminal } from '../../src/cli/terminal.js';
import { waitForEnd } from '../../src/cli/wait-for-end.js';
import { SluiceError } from '../../src/kernel/sluice-error.js';
import { startSmallGateway } from '../gateway/small-gateway.js';
import { createRecordingTerminal } from './recording-terminal.js';

/** A stream that keeps what is written. */
function createStream(isTTY: boolean): { isTTY: boolean; text: string; write(text: string): void } {
  return {
    isTTY,
    text: '',
    write(text) {
      this.text += text;
    },
  };
}

describe('A terminal', () => {
  it('keeps what was asked for apart from what is told beside it', () => {
    const [stdout, stderr] = [createStream(false), createStream(false)];
    const terminal = createTerminal({ stdout, stderr, env: {} });
    terminal.out('asked');
    terminal.write('for');
    terminal.note('beside');
    expect([stdout.text, stderr.text]).toEqual(['asked\nfor', 'beside\n']);
  });

  it.each([
    ['on a terminal', true, {}, true],
    ['nowhere else', false, {}, false],
    ['not where NO_COLOR is set', true, { NO_COLOR: '1' }, false],
    ['not on a dumb terminal', true, { TERM: 'dumb' }, false],
  ])('shows colours %s', (_, isTTY, env, isColored) => {
    const stream = createStream(isTTY);
    const terminal = createTerminal({ stdout: stream, stderr: stream, env });
    expect(terminal.isColored).toBe(isColored);
    expect(terminal.isInteractive).toBe(isColored);
    expect(terminal.colors.red('x') !== 'x').toBe(isColored);
  });
});

describe('The banner', () => {
  const facts = {
    url: 'http://localhost:4000',
    startedInMs: 1234,
    app: 'zoo (schema/zoo, 3 models)',
    database: 'PostgreSQL 18.4, embedded',
    redis: 'none',
    reads: 'pg',
    limits: 'enforced',
    graphiql: 'being built' as const,
    tokens: [{ tier: 'staff', token: 'abc.def.ghi' }],
    example: { curl: "curl -s http://localhost:4000/graphql -d '{}'", answer: '{"data":{}}' },
  };
  const { colors } = createRecordingTerminal();

  it('tells what runs on what, where, with whom and what to try', () => {
    const banner = renderBanner(facts, colors);
    for (const text of [
      'Sluice is listening (started in 1.2 s)',
      'http://localhost:4000/graphql\n',
      'http://localhost:4000/graphiql (being built, ready in a moment)',
      'zoo (schema/zoo, 3 models)',
      'PostgreSQL 18.4, embedded',
      'staff  abc.def.ghi',
    ]) {
      expect(banner).toContain(text);
    }
    // On lines of their own, so that they can be copied as they are.
    expect(banner.split('\n')).toEqual(expect.arrayContaining([facts.example.curl, facts.example.answer]));
  });

  it('leaves out what there is not', () => {
    const banner = renderBanner({ ...facts, graphiql: null, tokens: [], example: null }, colors);
    expect(banner).not.toMatch(/GraphiQL|Token|curl/);
    expect(renderBanner({ ...facts, graphiql: 'ready' }, colors)).toContain('/graphiql\n');
  });
});

describe('An example', () => {
  it('is performed over HTTP, and shown on one line that a shell takes', async () => {
    const gateway = await startSmallGateway();
    try {
      const { curl, answer } = await askExample(`${gateway.url}/graphql`, {
        name: 'Greeting',
        query: '# who?\nquery Greet($times: Int!) {\n  greeting(name: "it\'s #  1", times: $times)\n}\n',
        variables: { times: 1 },
      });
      expect(answer).toBe('{"data":{"greeting":"Hello, it\'s #  1!"}}');
      expect(curl).toBe(
        `curl -s ${gateway.url}/graphql -H 'content-type: application/json' -d ` +
          `'{"query":"query Greet($times: Int!) { greeting(name: \\"it'\\''s #  1\\", times: $times) }","variables":{"times":1}}'`,
      );
    } finally {
      await gateway.close();
    }
  });

  it('is cut where its answer is long', async () => {
    const gateway = await startSmallGateway();
    try {
      const { answer } = await askExample(`${gateway.url}/graphql`, {
        name: 'Text',
        query: '{ text(length: 5000) }',
      });
      expect(answer).toMatch(/^.{1500} …$/);
    } finally {
      await gateway.close();
    }
  });
});

describe('An error', () => {
  function report(error: unknown, isDebug = false): string {
    const terminal = createRecordingTerminal();
    reportError(error, terminal, { isDebug });
    return terminal.notes;
  }

  it('that was foreseen is a sentence and a hint', () => {
    const error = new SluiceError('PORT_TAKEN', 'Port 4000 is taken', { hint: 'Choose another' });
    expect(report(error)).toBe('✗ Port 4000 is taken\n  Choose another\n');
    expect(report(new SluiceError('PORT_TAKEN', 'Port 4000 is taken'))).toBe('✗ Port 4000 is taken\n');
  });

  it.each(['ENOSPC', '53100'])('of a full disk (%s) is called that', (code) => {
    expect(report(Object.assign(new Error('could not write'), { code }))).toBe(
      '✗ The disk is full\n  Free some space and start again.\n',
    );
  });

  it('that was not foreseen says where to look', () => {
    expect(report(new TypeError('x is not a function'))).toBe(
      '✗ Something unforeseen went wrong: TypeError: x is not a function\n  SLUICE_LOG_LEVEL=debug shows where.\n',
    );
    expect(report('thrown text')).toContain('thrown text');
  });

  it('shows its causes only to those who debug', () => {
    const error = new SluiceError('DISK_FULL', 'Full', { cause: new Error('inner') });
    expect(report(error)).not.toContain('inner');
    expect(report(error, true)).toMatch(/SluiceError: Full[\s\S]*Caused by: Error: inner/);
    expect(report('thrown text', true)).toContain('thrown text');
  });
});

describe('Progress', () => {
  it('is a line for each step where lines can not be rewritten', () => {
    const terminal = createRecordingTerminal();
    const progress = createProgress('Seeding', terminal);
    progress.update('rows', 0, 10);
    progress.update('rows', 5, 10);
    progress.update('more rows', 0, 1);
    progress.finish('Seeded');
    expect(terminal.notes).toBe('Seeding: rows …\nSeeding: more rows …\n✓ Seeded\n');
  });

  it('is a bar on a terminal', () => {
    const terminal = createRecordingTerminal({ isInteractive: true });
    const progress = createProgress('Seeding', terminal);
    progress.update('rows', 1, 10);
    progress.update('rows', 10, 10);
    progress.finish('Seeded');
    expect(terminal.notes).toBe('✓ Seeded\n');
  });
});

describe('Log lines', () => {
  it('are kept until they are let out, in order', () => {
    const target = createStream(false);
    const held = holdOutput(target);
    held.stream.write('one\n');
    held.stream.write('two\n');
    expect(target.text).toBe('');
    held.release();
    held.stream.write('three\n');
    held.release();
    expect(target.text).toBe('one\ntwo\nthree\n');
  });
});

describe('What was opened', () => {
  it('is closed last first, all of it, also where something fails', async () => {
    const closed: string[] = [];
    const stack = new ClosingStack();
    stack.add(() => closed.push('first'));
    stack.add(() => Promise.reject(new Error('stuck')));
    stack.add(async () => {
      closed.push('last');
      stack.add(() => closed.push('added meanwhile'));
    });
    await expect(stack.close()).rejects.toThrow('stuck');
    await expect(stack.close()).rejects.toThrow('stuck');
    expect(closed).toEqual(['last', 'added meanwhile', 'first']);
  });

  it('is waited for where something else has failed', async () => {
    const done: string[] = [];
    const slow = new Promise<void>((resolve) => setImmediate(resolve)).then(() => done.push('slow'));
    await expect(settleAll([Promise.reject(new Error('fast')), slow])).rejects.toThrow('fast');
    expect(done).toEqual(['slow']);
    expect(await settleAll([Promise.resolve(1), Promise.resolve('two')])).toEqual([1, 'two']);
  });
});

describe('Signals', () => {
  function createProcess() {
    const listeners = new Map<string, () => void>();
    const exits: number[] = [];
    let nowMs = 0;
    const signal = listenToStopSignals(
      { on: (name, listener) => listeners.set(name, () => listener(name)), exit: (code) => exits.push(code) },
      () => nowMs,
    );
    const send = (name: string, atMs: number): void => {
      nowMs = atMs;
      listeners.get(name)?.();
    };
    return { signal, exits, send };
  }

  it('ask to stop at first, and end the process when repeated', () => {
    const { signal, exits, send } = createProcess();
    send('SIGINT', 0);
    expect([signal.aborted, exits]).toEqual([true, []]);
    send('SIGINT', 2_000);
    expect(exits).toEqual([130]);
    send('SIGTERM', 3_000);
    expect(exits).toEqual([130, 143]);
  });

  it('of one key press count once, though npm passes them on', () => {
    const { exits, send } = createProcess();
    send('SIGINT', 0);
    send('SIGINT', 20);
    expect(exits).toEqual([]);
  });
});

describe('Waiting for the end', () => {
  it('ends when asked to', async () => {
    const stop = new AbortController();
    const waiting = waitForEnd(stop.signal, new Promise(() => {}));
    stop.abort();
    await waiting;
    await waitForEnd(stop.signal, null);
  });

  it('fails with the last words of a database that ended by itself', async () => {
    const stop = new AbortController();
    await expect(waitForEnd(stop.signal, Promise.resolve('LOG: fine\nPANIC: no more'))).rejects.toMatchObject(
      {
        code: 'DATABASE_UNREACHABLE',
        message: 'The embedded PostgreSQL ended: PANIC: no more',
      },
    );
    await expect(waitForEnd(stop.signal, Promise.resolve(''))).rejects.toThrow('without a word');
  });
});
