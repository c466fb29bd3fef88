import { connect, type Socket } from 'node:net';
import { type SmallGateway, startSmallGateway } from './small-gateway.js';

let gateway: SmallGateway;
beforeAll(async () => {
  gateway = await startSmallGateway({
    SLUICE_HTTP_REQUEST_TIMEOUT_MS: '400',
    SLUICE_HTTP_MAX_CONNECTIONS: '20',
  });
});
afterAll(() => gateway.close());

/** A connection of which all that comes is kept, until it is closed. */
function openSocket(): { readonly socket: Socket; readonly closed: Promise<string> } {
  const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
  let received = '';
  socket.setEncoding('utf8').on('data', (text) => {
    received += text;
  });
  // It is cut while it sends.
  socket.on('error', () => {});
  const closed = new Promise<string>((resolve) => {
    socket.on('close', () => resolve(received));
  });
  return { socket, closed };
}

function readAnswer(received: string): { readonly status: number; readonly body: unknown } {
  const [head = '', body = ''] = received.split('\r\n\r\n');
  expect(Number(/content-length: (\d+)/i.exec(head)?.[1])).toBe(body.length);
  return { status: Number(head.split(' ')[1]), body: JSON.parse(body) };
}

const POST = 'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
const REFUSAL = {
  status: 408,
  body: {
    errors: [
      { message: 'The request did not arrive within 400 ms', extensions: { code: 'REQUEST_TIMEOUT' } },
    ],
  },
};

/** Sends a byte whenever the last one is out, at the pace of a slow client, until the connection is closed. */
function trickle(socket: Socket, bytes: string): { sent: number } {
  const progress = { sent: 0 };
  const timer = setInterval(() => {
    if (socket.destroyed || progress.sent === bytes.length) return;
    socket.write(bytes[progress.sent] ?? '');
    progress.sent += 1;
  }, 20);
  socket.on('close', () => clearInterval(timer));
  return progress;
}

describe('A client that takes too long', () => {
  it('to send its body is cut with an answer, and nothing is executed', async () => {
    const body = JSON.stringify({ query: `mutation { bump } #${'x'.repeat(1000)}` });
    const { socket, closed } = openSocket();
    socket.write(`${POST}Content-Length: ${body.length}\r\n\r\n`);
    const progress = trickle(socket, body);
    const others = await Promise.all(Array.from({ length: 10 }, () => gateway.ask('{ rows }')));
    expect(others.every(({ status }) => status === 200)).toBe(true);
    expect(readAnswer(await closed)).toEqual(REFUSAL);
    expect(progress.sent).toBeLessThan(body.length);
    expect(gateway.world.bumps).toBe(0);
  });

  it('to send its headers is cut likewise', async () => {
    const { socket, closed } = openSocket();
    trickle(socket, `${POST}X-Slow: ${'x'.repeat(1000)}`);
    expect(readAnswer(await closed)).toEqual(REFUSAL);
  });

  it('to send anything at all is cut', async () => {
    const { closed } = openSocket();
    expect(readAnswer(await closed)).toEqual(REFUSAL);
  });
});

describe('What is no request', () => {
  it('is refused in the form of every other refusal', async () => {
    const { socket, closed } = openSocket();
    socket.write('HELLO?\r\n\r\n');
    expect(readAnswer(await closed)).toEqual({
      status: 400,
      body: {
        errors: [{ message: 'What was sent is no HTTP request', extensions: { code: 'BAD_REQUEST' } }],
      },
    });
  });

  it('is refused where its headers are too large', async () => {
    const { socket, closed } = openSocket();
    socket.write(`${POST}X-Large: ${'x'.repeat(100_000)}\r\n\r\n`);
    expect(readAnswer(await closed)).toMatchObject({
      status: 431,
      body: { errors: [{ extensions: { code: 'HEADERS_TOO_LARGE' } }] },
    });
  });

  it('needs no answer where the client is gone', async () => {
    const { socket, closed } = openSocket();
    socket.write(`${POST}Content-Length: 10\r\n\r\n{`);
    socket.resetAndDestroy();
    await closed;
    expect((await gateway.ask('{ rows }')).status).toBe(200);
  });
});

describe('Connections', () => {
  it('beyond the bound are closed, and those within it are served', async () => {
    const sockets = Array.from({ length: 40 }, openSocket);
    const answers = await Promise.all(sockets.map(({ closed }) => closed));
    // Those that were let in are cut for saying nothing.
    expect(answers.filter((received) => received === '').length).toBeGreaterThanOrEqual(20);
    expect(answers.filter((received) => received !== '').length).toBeGreaterThan(0);
    expect((await gateway.ask('{ rows }')).status).toBe(200);
  });
});
