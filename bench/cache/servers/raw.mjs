// What a server costs that only sends bytes: node:http, the body read, one answer made before.
import { createServer } from 'node:http';
import { announce } from '../../servers/announce.mjs';

const [port, , , settings] = process.argv.slice(2);
const bytes = Buffer.from(JSON.parse(settings).answer);
const head = ['content-type', 'application/json; charset=utf-8', 'content-length', String(bytes.length)];
createServer((request, response) => {
  const send = () => response.writeHead(200, head).end(bytes);
  if (request.method === 'GET') return send();
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    Buffer.concat(chunks);
    send();
  });
}).listen(Number(port), '127.0.0.1', announce);
