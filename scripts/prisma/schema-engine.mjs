#!/usr/bin/env node
// Stands in for Prisma's native schema engine, which Prisma's CLI would download, where there is no network:
//
//   PRISMA_SCHEMA_ENGINE_BINARY=scripts/prisma/schema-engine.mjs npx prisma migrate dev|deploy|status|diff|…
//
// It speaks the same protocol, JSON-RPC with one message a line on stdin and stdout, and lets Prisma's own
// engine do the work, compiled to WebAssembly. docs/migrations.md tells what differs.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { runDatabaseCommand } from './database-command.mjs';
import { createRequestHandler } from './requests.mjs';

/** JSON-RPC's code for "the engine reports an error, see data", as the native engine uses it. */
const ENGINE_ERROR = 4466;

const argv = process.argv.slice(2);
const valuesOf = (name) => argv.flatMap((word, index) => (word === name ? [argv[index + 1]] : []));

if (argv.includes('--version')) {
  const manifest = new URL('../../node_modules/@prisma/schema-engine-wasm/package.json', import.meta.url);
  // "7.10.0-4.<commit>": the native engine prints the commit.
  const commit = JSON.parse(readFileSync(manifest, 'utf8')).version.split('.').at(-1);
  console.log(`schema-engine-cli ${commit}`);
  process.exit(0);
}

const { url } = JSON.parse(valuesOf('--datasource')[0] ?? '{}');
const [command] = valuesOf('cli');
if (command !== undefined) await runDatabaseCommand(command, url);

const schemaFiles = valuesOf('--datamodels').map((path) => ({ path, content: readFileSync(path, 'utf8') }));
const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const print = (content) => send({ id: 'print', method: 'print', params: { content } });
const handleRequest = createRequestHandler(url, schemaFiles, print);

async function answer(line) {
  const { id, method, params } = JSON.parse(line);
  // Without a method it is the CLI's acknowledgement of what it was asked to print.
  if (method === undefined) return;
  try {
    send({ id, result: await handleRequest(method, params) });
  } catch (error) {
    const data = {
      is_panic: false,
      message: String(error?.message ?? error),
      error_code: error?.code,
      meta: error?.meta ?? null,
    };
    send({
      id,
      error: { code: ENGINE_ERROR, message: 'An error happened. Check the data field for details.', data },
    });
  }
}

// One request at a time, as the native engine does it.
let queue = Promise.resolve();
createInterface({ input: process.stdin })
  .on('line', (line) => {
    queue = queue.then(() => answer(line));
  })
  .on('close', () => queue.then(() => process.exit(0)));
