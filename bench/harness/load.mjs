// Keeps a number of connections busy with one request each, over plain sockets: the less the client costs, the less
// it disturbs PostgreSQL, which shares its core. Answers are read whole, and their status and beginning checked.
import net from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');
const LAST_CHUNK = '0\r\n\r\n';
const GOOD_BEGINNING = '{"data":{';

/**
 * Sends requests for `durationMs`, `connections` at a time. `nextBody()` gives each request's JSON text, `nextHeaders()`
 * lines to stand among its headers.
 * @returns {Promise<{ requests: number, failures: number, latenciesMs: number[], elapsedMs: number }>}
 */
export async function load({ port, path, connections, durationMs, nextBody, method = 'POST', nextHeaders }) {
  const write = method === 'GET' ? writeGet : writePost;
  const nextRequest = () => write(port, path, nextBody(), nextHeaders?.() ?? '');
  const result = { requests: 0, failures: 0, latenciesMs: [], elapsedMs: 0 };
  const begin = performance.now();
  const end = begin + durationMs;
  await Promise.all(Array.from({ length: connections }, () => keepBusy({ port, end, nextRequest, result })));
  result.elapsedMs = performance.now() - begin;
  return result;
}

function writePost(port, path, body, headers) {
  return (
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\naccept: application/json\r\n` +
    `${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  );
}

function writeGet(port, path, body, headers) {
  const { query, variables } = JSON.parse(body);
  const search = `query=${encodeURIComponent(query)}&variables=${encodeURIComponent(JSON.stringify(variables))}`;
  return `GET ${path}?${search} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\naccept: application/json\r\napollo-require-preflight: 1\r\n${headers}\r\n`;
}

function keepBusy({ port, end, nextRequest, result }) {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    let answer = new AnswerReader();
    let startedAt = 0;
    const send = () => {
      const text = nextRequest();
      startedAt = performance.now();
      answer = new AnswerReader();
      socket.write(text);
    };
    socket.on('connect', send);
    socket.on('data', (chunk) => {
      if (!answer.read(chunk)) return;
      const now = performance.now();
      result.requests += 1;
      if (!answer.isGood) result.failures += 1;
      result.latenciesMs.push(now - startedAt);
      if (now < end) return send();
      socket.destroy();
      resolve();
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`The server on port ${port} closed a connection in use.`)));
  });
}

/** Knows when an answer has arrived whole, by its length or by its last chunk. */
export class AnswerReader {
  isGood = false;
  #head = null;
  #missing = 0;
  #tail = null;

  /** @returns whether the answer is complete */
  read(chunk) {
    let body = chunk;
    if (this.#head === null || this.#head.end < 0) {
      const all = this.#head === null ? chunk : Buffer.concat([this.#head.bytes, chunk]);
      const end = all.indexOf(HEAD_END);
      this.#head = { bytes: all, end };
      if (end < 0) return false;
      body = all.subarray(end + HEAD_END.length);
      this.#begin(all.toString('latin1', 0, end), body);
    }
    if (this.#tail !== null) {
      this.#tail = (this.#tail + body.toString('latin1', Math.max(0, body.length - 8))).slice(-8);
      return this.#tail.endsWith(LAST_CHUNK);
    }
    this.#missing -= body.length;
    return this.#missing <= 0;
  }

  #begin(head, body) {
    const isChunked = /\r\ntransfer-encoding: *chunked/i.test(head);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head);
    if (isChunked) this.#tail = '';
    else if (length === null) throw new Error(`An answer without length: ${head}`);
    else this.#missing = Number(length[1]);
    // A head may come without its body: then the status has to do.
    const isReadable = !isChunked && body.length >= GOOD_BEGINNING.length;
    const beginning = body.toString('latin1', 0, GOOD_BEGINNING.length);
    this.isGood = head.startsWith('HTTP/1.1 200') && (!isReadable || beginning === GOOD_BEGINNING);
  }
}
