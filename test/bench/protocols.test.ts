import { describe, expect, test } from '@jest/globals';
import { importBench } from './bench-module.js';

const { StatementCounter } = await importBench<{
  StatementCounter: new () => { read(chunk: Buffer): number };
}>('harness/counting-proxy');
const { AnswerReader } = await importBench<{
  AnswerReader: new () => { isGood: boolean; read(chunk: Buffer): boolean };
}>('harness/load');
const { parseStat } = await importBench<{
  parseStat(text: string): { own: number; reaped: number };
}>('harness/process-usage');
const { parseCoreBusyTicks } = await importBench<{
  parseCoreBusyTicks(text: string, core: number): number;
}>('harness/core-usage');

function message(type: string, body: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(4 + Buffer.byteLength(body));
  return Buffer.concat([Buffer.from(type), length, Buffer.from(body)]);
}

describe('counting statements', () => {
  const conversation = Buffer.concat([
    message('', 'user=QEQE'),
    message('P', 'SELECT 1'),
    message('B', ''),
    message('E', 'EQ'),
    message('S', ''),
    message('Q', 'BEGIN; Q'),
  ]);

  test('simple queries and executions count, texts that look like them do not', () => {
    expect(new StatementCounter().read(conversation)).toBe(2);
  });

  test('a conversation may arrive byte by byte', () => {
    const counter = new StatementCounter();
    const counts = Array.from(conversation, (byte) => counter.read(Buffer.from([byte])));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(2);
  });
});

describe('reading answers', () => {
  const read = (text: string, pieceBytes: number) => {
    const answer = new AnswerReader();
    const completions: boolean[] = [];
    for (let at = 0; at < text.length; at += pieceBytes) {
      completions.push(answer.read(Buffer.from(text.slice(at, at + pieceBytes))));
    }
    return { isGood: answer.isGood, completions };
  };
  const withLength = (body: string, status = '200 OK') =>
    `HTTP/1.1 ${status}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

  test.each([1, 7, 1_000])(
    'an answer with a length is complete with its last byte, in pieces of %i',
    (bytes) => {
      const { completions, isGood } = read(withLength('{"data":{"a":1}}'), bytes);
      expect(completions.indexOf(true)).toBe(completions.length - 1);
      expect(isGood).toBe(true);
    },
  );

  test.each([1, 7, 1_000])('an answer in chunks is complete with the empty one, in pieces of %i', (bytes) => {
    const body = '10\r\n{"data":{"a":1}}\r\n0\r\n\r\n';
    const { completions } = read(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${body}`, bytes);
    expect(completions.indexOf(true)).toBe(completions.length - 1);
  });

  test('errors are failures, with whatever status', () => {
    expect(read(withLength('{"errors":[{"message":"no"}]}'), 1_000).isGood).toBe(false);
    expect(read(withLength('{"data":{"a":1}}', '503 Busy'), 1_000).isGood).toBe(false);
  });
});

describe("reading the kernel's counters", () => {
  test("a process's time is told from that of its children, whatever its name", () => {
    const line = '42 (a ) (b) R 1 42 42 0 -1 4194304 100 0 0 0 250 50 30 20 20 0 11 0 500 1000 10';
    expect(parseStat(line)).toEqual({ own: 300, reaped: 50 });
  });

  test("a core's work is what programs and the host took, without interrupts", () => {
    const text = 'cpu  9 9 9 9 9 9 9 9 0 0\ncpu0 100 1 20 5000 7 8 9 4 0 0\ncpu10 1 1 1 1 1 1 1 1 0 0';
    expect(parseCoreBusyTicks(text, 0)).toBe(125);
    expect(() => parseCoreBusyTicks(text, 1)).toThrow('no core 1');
  });
});
