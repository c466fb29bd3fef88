#!/usr/bin/env node
import { loadEnvFile, runCli } from './run-cli.js';
import { listenToStopSignals } from './stop-signals.js';

const root = process.cwd();
loadEnvFile(root);
const stopSignal = listenToStopSignals(process);
process.exitCode = await runCli({ args: process.argv.slice(2), root, env: process.env, stopSignal });
// A handle that somebody forgot must not keep a command from ending that is done.
setTimeout(() => process.exit(), 2_000).unref();
