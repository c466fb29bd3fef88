#!/usr/bin/env node
// What `npm start`, `npm test` and the other commands of package.json run. One file that imports nothing but
// Node itself, since it must work in a clone that has no node_modules yet: it installs, generates and builds
// what is missing or outdated, then hands over. Each step leaves a stamp of its inputs in .sluice/stamps, so
// that a second start repeats nothing.
//
//   start | dev        the server, once or restarted at every edit
//   test [pattern]     everything that proves the project, or the tests that match
//   coverage           the same, and whether tests walk as many branches as they have to
//   chaos [pattern]    the slow and violent tests
//   cli <command…>     the command line, built first where need be
//   generate           generated sources only
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statfsSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const STATE = join(ROOT, '.sluice');
const LEAST_NODE = [20, 19];
const INSTALLED_MEGABYTES = 1_000;

/** A fault that was foreseen: one sentence, one hint, and what a failed command printed. */
class Fault extends Error {
  constructor(message, { hint = '', output = '' } = {}) {
    super(message);
    this.hint = hint;
    this.output = output;
  }
}

// ---------------------------------------------------------------- what people see

const isTerminal = process.stderr.isTTY === true;
const hasColour = isTerminal && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
const paint = (code) => (text) => (hasColour ? `\u001b[${code}m${text}\u001b[0m` : text);
const [red, green, dim] = [paint(31), paint(32), paint(2)];
const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

// Everything goes to stderr: stdout belongs to the command (`npm run sluice -- schema print > file`).
const say = (line) => process.stderr.write(`${line}\n`);

/** Steps that run at this moment, each with a line of its own on a terminal, as plain lines elsewhere. */
const running = new Map();
let spinner;
let drawnLines = 0;

function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

function erase() {
  if (drawnLines > 0) process.stderr.write(`\u001b[${drawnLines}A\u001b[0J`);
  drawnLines = 0;
}

function draw() {
  erase();
  const frame = SPINNER[Math.floor(performance.now() / 100) % SPINNER.length];
  for (const [title, since] of running) process.stderr.write(`${frame} ${title} ${dim(seconds(since))}\n`);
  drawnLines = running.size;
}

/** Shows that a step runs and how it ended; `work` is what it does. */
async function withProgress(title, work) {
  const since = performance.now();
  let reminder;
  running.set(title, since);
  if (isTerminal) {
    spinner ??= setInterval(draw, 100);
    draw();
  } else {
    say(`${title} …`);
    reminder = setInterval(() => say(`${title} … ${seconds(since)}`), 15_000);
  }
  let isDone = false;
  try {
    const result = await work();
    isDone = true;
    return result;
  } finally {
    clearInterval(reminder);
    erase();
    running.delete(title);
    if (running.size === 0) {
      clearInterval(spinner);
      spinner = undefined;
    }
    say(
      isDone
        ? `${green('✓')} ${title} ${dim(seconds(since))}`
        : `${red('✗')} ${title} ${dim(seconds(since))}`,
    );
    if (isTerminal) draw();
  }
}

// ---------------------------------------------------------------- commands and signals

const children = new Set();

/** Runs a command to its end. Its output is kept, and shown by whoever reports the failure. */
function run(command, args, { env = {}, stdio = ['ignore', 'pipe', 'pipe'], cwd = ROOT } = {}) {
  return new Promise((settle) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio });
    children.add(child);
    let output = '';
    const read = (chunk) => {
      output = (output + chunk).slice(-100_000);
    };
    child.stdout?.setEncoding('utf8').on('data', read);
    child.stderr?.setEncoding('utf8').on('data', read);
    child.once('error', (error) => {
      children.delete(child);
      settle({ code: 127, output: `${output}${error.message}\n` });
    });
    child.once('exit', () => {
      children.delete(child);
      // Its own children may hold the output open for longer than anybody wants to wait.
      if (endedBy !== undefined && children.size === 0) exitBySignal();
    });
    child.once('close', (code, signal) => {
      settle({ code: code ?? 1, signal, output });
    });
  });
}

const SIGNAL_NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };
let endedBy;

function passOn(signal) {
  endedBy = signal;
  for (const child of children) child.kill(signal);
  if (children.size === 0) exitBySignal();
}

function exitBySignal() {
  process.exit(128 + SIGNAL_NUMBERS[endedBy]);
}

function listenToSignals() {
  for (const signal of Object.keys(SIGNAL_NUMBERS)) process.on(signal, passOn);
}

function ignoreSignals() {
  for (const signal of Object.keys(SIGNAL_NUMBERS)) process.off(signal, passOn);
}

/** Fails with `fault` unless the command succeeds; what the machine lacks is told first. */
async function runOrFail(fault, command, args, options) {
  const result = await run(command, args, options);
  if (result.code === 0) return result.output;
  throw explainMachine(result.output) ?? fault(result.output);
}

/** The fault of a machine that a text of an error shows, if it does. */
function explainMachine(text) {
  if (/ENOSPC|no space left on device/i.test(text)) {
    return new Fault('The disk is full.', {
      hint: `Free some space and start again; the packages alone take about ${INSTALLED_MEGABYTES} MB.`,
    });
  }
  if (/EROFS|read-only file system/i.test(text)) {
    return new Fault(`${ROOT} lies on a file system that can't be written.`, {
      hint: 'Clone to where you may write.',
    });
  }
  const denied = /(?:EACCES|EPERM)[^\n]*?'([^'\n]+)'/.exec(text);
  if (denied !== null) {
    return new Fault(`${denied[1]} can't be written: permission denied.`, {
      hint: `Make ${ROOT} yours (chown -R) or clone to where you may write.`,
    });
  }
  return undefined;
}

function findOnPath(...names) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  for (const name of names) {
    for (const folder of folders) {
      const file = join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        if (statSync(file).isFile()) return file;
      } catch (error) {
        if (!['ENOENT', 'EACCES', 'ENOTDIR', 'ELOOP'].includes(error.code)) throw error;
      }
    }
  }
  return undefined;
}

// ---------------------------------------------------------------- stamps and the lock

/** Every file below the given paths of the project that `accept` takes, sorted, as paths from its root. */
function listFiles(paths, accept = () => true) {
  const found = [];
  const visit = (path) => {
    const file = join(ROOT, path);
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats === undefined) return;
    if (stats.isDirectory()) for (const name of readdirSync(file)) visit(join(path, name));
    else if (accept(path)) found.push(path);
  };
  for (const path of paths) visit(path);
  return found.sort();
}

/** A hash of names and contents: equal exactly where nothing that a step reads has changed. */
function hashFiles(files) {
  const hash = createHash('sha256').update(`${process.version} ${process.platform} ${process.arch}\n`);
  for (const file of files) {
    const content = readFileSync(join(ROOT, file));
    hash.update(`${file}\n${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

const stampFile = (step) => join(STATE, 'stamps', step);

function isStamped(step, hash, outputs) {
  const file = stampFile(step);
  if (!existsSync(file) || readFileSync(file, 'utf8') !== hash) return false;
  return outputs.every((output) => existsSync(join(ROOT, output)));
}

function stamp(step, hash) {
  mkdirSync(dirname(stampFile(step)), { recursive: true });
  writeFileSync(stampFile(step), hash);
}

/**
 * Runs `work` unless its inputs are those of the last success and its outputs are there. `title` is shown only
 * where there is something to do.
 */
async function step({ name, title, inputs, outputs, work }) {
  const hash = hashFiles(inputs());
  if (isStamped(name, hash, outputs())) return;
  await withLock(async () => {
    // Another command of this folder may have done it while this one waited.
    if (isStamped(name, hash, outputs())) return;
    await withProgress(title, work);
    stamp(name, hash);
  });
}

const LOCK_STALE_MS = 10_000;
const LOCK = join(STATE, 'bootstrap.lock');
let holders = 0;
let taking;

/** One command at a time changes node_modules, generated sources and dist; the others wait. */
async function withLock(work) {
  holders++;
  taking ??= takeLock(LOCK);
  await taking;
  try {
    return await work();
  } finally {
    holders--;
    if (holders === 0) {
      taking = undefined;
      releaseLock();
    }
  }
}

let heartbeat;

function releaseLock() {
  clearInterval(heartbeat);
  process.off('exit', releaseLock);
  rmdirIfThere(LOCK);
}

async function takeLock(lock) {
  let hasSaid = false;
  for (;;) {
    try {
      mkdirSync(lock);
      // A sign of life rather than a process id, which in containers is the same at every start.
      heartbeat = setInterval(() => touch(lock), 1_000);
      process.once('exit', releaseLock);
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const stats = statSync(lock, { throwIfNoEntry: false });
    if (stats !== undefined && Date.now() - stats.mtimeMs > LOCK_STALE_MS) {
      rmdirIfThere(lock);
      continue;
    }
    if (!hasSaid) say('Another command is preparing this folder; waiting for it …');
    hasSaid = true;
    await new Promise((wake) => setTimeout(wake, 200));
  }
}

function touch(file) {
  const now = new Date();
  if (existsSync(file)) utimesSync(file, now, now);
}

function rmdirIfThere(folder) {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}

// ---------------------------------------------------------------- the steps

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])) return;
  throw new Fault(`Sluice needs Node ${LEAST_NODE.join('.')} or later; this is ${process.versions.node}.`, {
    hint: 'Install a newer one from https://nodejs.org or with your version manager.',
  });
}

function makeStateFolder() {
  try {
    mkdirSync(join(STATE, 'stamps'), { recursive: true });
    accessSync(STATE, constants.W_OK);
  } catch (error) {
    throw explainMachine(`${error.code} '${STATE}'`) ?? error;
  }
}

const INSTALLED_FILE = join(ROOT, 'node_modules/.package-lock.json');

/**
 * Whether node_modules holds what package-lock.json wants. npm writes node_modules/.package-lock.json last, so
 * that an installation which was cut off doesn't count.
 */
function isInstalled() {
  if (!existsSync(INSTALLED_FILE)) return false;
  const wanted = readPackages(join(ROOT, 'package-lock.json'));
  const installed = readPackages(INSTALLED_FILE);
  for (const [path, entry] of Object.entries(installed)) {
    if (wanted[path]?.version !== entry.version) return false;
    // A folder that came from another machine has that machine's native packages.
    if (!fits(entry.os, process.platform) || !fits(entry.cpu, process.arch)) return false;
  }
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || entry.optional || entry.devOptional || entry.peer || path in installed,
  );
}

const readPackages = (file) => JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
const fits = (list, value) =>
  list === undefined || list.includes(value) || list.some((item) => item.startsWith('!'));

async function install() {
  if (isInstalled()) return;
  await withLock(async () => {
    if (isInstalled()) return;
    refuseLinkedPackages();
    // npm tells its children where it is; without that (node scripts/bootstrap.mjs) the one on the PATH will do.
    const npm = process.env.npm_execpath;
    const [command, first] =
      npm !== undefined && /npm-cli\.[cm]?js$/.test(npm) ? [process.execPath, [npm]] : ['npm', []];
    const args = [...first, 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=warn'];
    checkSpace();
    await withProgress('Installing packages (npm ci)', async () => {
      const output = await runOrFail(explainInstall, command, args);
      // npm warns of files that it could not write whole, and reports success.
      if (!/TAR_ENTRY_ERROR|ENOSPC/.test(output)) return;
      rmSync(INSTALLED_FILE, { force: true });
      throw explainMachine(output) ?? new Fault('npm ci could not unpack every package.', { output });
    });
  });
}

/** npm empties the folder before it fills it, also one that is somebody else's. */
function refuseLinkedPackages() {
  const found = lstatSync(join(ROOT, 'node_modules'), { throwIfNoEntry: false });
  if (!found?.isSymbolicLink()) return;
  throw new Fault("node_modules is a link to a folder that doesn't hold what package-lock.json wants.", {
    hint: 'Installing would empty that folder. Remove the link, or run npm ci where the folder belongs.',
  });
}

function checkSpace() {
  const { bavail, bsize } = statfsSync(ROOT);
  const freeMegabytes = Math.floor((bavail * bsize) / 1e6);
  // What is installed now makes room before anything is written.
  if (freeMegabytes >= INSTALLED_MEGABYTES || existsSync(join(ROOT, 'node_modules'))) return;
  throw new Fault(
    `The disk is full: ${freeMegabytes} MB are free where the packages take ${INSTALLED_MEGABYTES} MB.`,
    {
      hint: 'Free some space and start again.',
    },
  );
}

function explainInstall(output) {
  if (
    /ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ENOTCACHED/.test(output)
  ) {
    const host = /https?:\/\/[^/\s"']+/.exec(output)?.[0] ?? 'the package registry';
    return new Fault(`npm ci can't reach ${host}.`, {
      hint: 'Check the network, a proxy (npm config get proxy) or the registry (npm config get registry).',
    });
  }
  if (/EUSAGE|lock file|in sync/.test(output)) {
    return new Fault('package.json and package-lock.json do not agree.', {
      hint: 'Run npm install once.',
      output,
    });
  }
  return new Fault('npm ci failed.', { output });
}

const prismaFiles = () => [
  ...listFiles(['prisma'], (file) => file.endsWith('.prisma')),
  ...listFiles(['src/model/generator', 'prisma.config.ts', 'package-lock.json']),
];

// Naming any file keeps Prisma's command line from downloading an engine that generating doesn't use.
const PRISMA_ENV = {
  PRISMA_SCHEMA_ENGINE_BINARY: fileURLToPath(import.meta.url),
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
  CHECKPOINT_DISABLE: '1',
};

async function generate() {
  await step({
    name: 'prisma',
    title: 'Generating the Prisma Client and the model graph',
    inputs: prismaFiles,
    outputs: () => ['src/generated/model-graph.json', 'src/generated/prisma/client.ts'],
    work: () => prismaGenerate([], 'prisma/schema.prisma'),
  });
  await step({
    name: 'graphql',
    title: 'Generating resolver types',
    inputs: () =>
      listFiles([
        'schema',
        'codegen.yml',
        'src/generated/model-graph.json',
        'scripts/generate-graphql-types.mjs',
      ]),
    outputs: () => ['src/generated/graphql.ts'],
    work: () =>
      runOrFail(
        (output) => new Fault('The resolver types could not be generated from schema/.', { output }),
        process.execPath,
        ['scripts/generate-graphql-types.mjs'],
      ),
  });
}

const generateAll = () => Promise.all([generate(), generateTestDomain()]);

/** The engine's own test domain: a second Prisma schema, of no use outside the tests. */
async function generateTestDomain() {
  const schema = 'test/domain/schema.prisma';
  if (!existsSync(join(ROOT, schema))) return;
  await step({
    name: 'test-domain',
    title: "Generating the test domain's Prisma Client",
    inputs: () => [...listFiles([schema]), ...prismaFiles()],
    outputs: () => ['test/domain/generated/model-graph.json'],
    work: () => prismaGenerate(['--schema', schema], schema),
  });
}

function prismaGenerate(args, schema) {
  return runOrFail(
    (output) => new Fault(`Prisma could not generate from ${schema}.`, { output: readPrismaOutput(output) }),
    process.execPath,
    ['node_modules/prisma/build/index.js', 'generate', ...args],
    { env: PRISMA_ENV },
  );
}

const readPrismaOutput = (output) =>
  output.replace(/^(Loaded Prisma config|Prisma schema loaded)[^\n]*\n+/gm, '');

const sources = () =>
  listFiles(['src'], (file) => file.endsWith('.ts') && !file.endsWith('.d.ts')).map((file) =>
    file.slice('src/'.length),
  );
/** What the code reads at run time beside itself; the generator runs before any build, from src. */
const assets = () =>
  listFiles(['src'], (file) => /\.(json|sql|lua|css|svg|html)$/.test(file)).map((file) =>
    file.slice('src/'.length),
  );
const compiled = (source) => join('dist', source.replace(/\.ts$/, '.js'));

async function build() {
  await step({
    name: 'build',
    title: 'Building',
    inputs: () => listFiles(['src', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json']),
    outputs: () => [...sources().map(compiled), ...assets().map((asset) => join('dist', asset))],
    work: async () => {
      removeStale();
      await runOrFail((output) => new Fault('The sources have faults.', { output }), process.execPath, [
        'node_modules/typescript/bin/tsc',
        '-p',
        'tsconfig.build.json',
      ]);
      for (const asset of assets()) cpSync(join(ROOT, 'src', asset), join(ROOT, 'dist', asset));
    },
  });
}

/** Outputs whose source is gone would still be found and run. */
function removeStale() {
  const expected = new Set(assets().map((asset) => join('dist', asset)));
  for (const source of sources()) {
    const base = join('dist', source.slice(0, -'.ts'.length));
    for (const ending of ['.js', '.js.map', '.d.ts']) expected.add(base + ending);
  }
  for (const file of listFiles(['dist'])) {
    if (!expected.has(file) && !file.startsWith(`dist${sep}graphiql${sep}`)) rmSync(join(ROOT, file));
  }
}

async function prepare() {
  await install();
  await generate();
  await build();
}

/**
 * A command must work where types don't fit, such as the one that writes the migration after an edit of the model
 * has broken them: the compiler writes its output all the same.
 */
async function buildAsFarAsItGoes() {
  try {
    await build();
  } catch (error) {
    if (!(error instanceof Fault) || !existsSync(join(ROOT, 'dist/cli/main.js'))) throw error;
    say(`${error.output.trimEnd()}\n${red('✗')} ${error.message} The command is run nevertheless.`);
  }
}

/** Hands over to the command line, in this process: signals, exit code and terminal are its own then. */
async function handOver(args) {
  ignoreSignals();
  const main = join(ROOT, 'dist/cli/main.js');
  process.argv = [process.execPath, main, ...args];
  process.setSourceMapsEnabled(true);
  // Libraries check less and remember more then.
  if (args[0] === 'start') process.env.NODE_ENV ??= 'production';
  await import(pathToFileURL(main).href);
}

// ---------------------------------------------------------------- npm test

/** Programs that the tests drive, by the name of the Debian package and of Homebrew's. */
const NEEDS = [
  { apt: 'redis-server', brew: 'redis', programs: ['redis-server'] },
  { apt: 'chromium', brew: '--cask chromium', programs: ['chromium', 'chromium-browser', 'google-chrome'] },
  { apt: 'pgbouncer', brew: 'pgbouncer', programs: ['pgbouncer'] },
];
const MAC_BROWSERS = ['/Applications/Chromium.app', '/Applications/Google Chrome.app'];

const findMissing = () =>
  NEEDS.filter(({ apt, programs }) => {
    if (findOnPath(...programs) !== undefined) return false;
    return !(apt === 'chromium' && MAC_BROWSERS.some((app) => existsSync(app)));
  });

async function installNeeds() {
  const missing = findMissing();
  if (missing.length === 0) return;
  const packages = missing.map((need) => need.apt);
  const isDebian = existsSync('/etc/debian_version') && findOnPath('apt-get') !== undefined;
  if (!isDebian || process.getuid?.() !== 0) {
    const line = isDebian
      ? `sudo apt-get update && sudo apt-get install -y ${packages.join(' ')}`
      : missing.map((need) => `brew install ${need.brew}`).join(' && ');
    const hint =
      isDebian || process.platform === 'darwin'
        ? `Type: ${line}`
        : "Install them with this system's package manager.";
    throw new Fault(
      `The tests need ${packages.join(', ')}, which ${packages.length === 1 ? 'is' : 'are'} not installed.`,
      {
        hint,
      },
    );
  }
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const fail = (output) =>
    new Fault(`apt-get could not install ${packages.join(', ')}.`, {
      hint: 'Check the network, then run npm test again.',
      output,
    });
  await withProgress(`Installing ${packages.join(', ')} (apt-get, as root)`, async () => {
    await runOrFail(fail, 'apt-get', ['update', '-q'], { env });
    await runOrFail(fail, 'apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], {
      env,
    });
  });
}

async function test(patterns, options = []) {
  await installNeeds();
  await install();
  await generateAll();
  if (patterns.length > 0) return finish([], await jest(patterns));
  const failures = (
    await Promise.all([
      check('Lint', process.execPath, [
        'node_modules/@biomejs/biome/bin/biome',
        'check',
        '--error-on-warnings',
        '.',
      ]),
      check('Types', process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json']),
    ])
  ).filter(Boolean);
  return finish(failures, await jest(options));
}

async function chaos(patterns) {
  await installNeeds();
  await install();
  await generateAll();
  return finish([], await jest(['--testMatch', '**/test/**/*.chaos.ts', '--runInBand', ...patterns]));
}

/** A check that isn't Jest's: the text of what is wrong, or undefined. */
async function check(title, command, args) {
  const { code, output } = await run(command, args);
  say(`${code === 0 ? green('✓') : red('✗')} ${title}`);
  return code === 0 ? undefined : `${title}:\n${output.trimEnd()}`;
}

async function jest(args) {
  const resultFile = join(STATE, 'jest.json');
  rmSync(resultFile, { force: true });
  const { code } = await run(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--no-warnings',
      'node_modules/jest/bin/jest.js',
      '--json',
      `--outputFile=${resultFile}`,
      // Jest leaves one core to itself, though it has nothing to do while its workers run.
      ...(args.includes('--runInBand') ? [] : ['--maxWorkers=100%']),
      ...args,
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const result = existsSync(resultFile) ? JSON.parse(readFileSync(resultFile, 'utf8')) : undefined;
  return { code, result };
}

/** The one line that the tests end with, and the exit code. */
function finish(failures, { code, result }) {
  for (const failure of failures) say(`\n${red('✗')} ${failure}`);
  const passed = result?.numPassedTests ?? 0;
  // A file that doesn't load has failed as a whole and holds no failed test.
  const failedTests = (result?.numFailedTests ?? 0) + (result?.numRuntimeErrorTestSuites ?? 0);
  // Jest fails without a failed test where coverage is below its bound, or where it found no test.
  const failedRun = code !== 0 && failedTests === 0 ? 1 : 0;
  const failed = failures.length + failedTests + failedRun;
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}

// ---------------------------------------------------------------- the command

async function main([command = 'start', ...args]) {
  checkNode();
  process.chdir(ROOT);
  makeStateFolder();
  listenToSignals();
  switch (command) {
    case 'start':
    case 'dev':
      await prepare();
      return handOver([command, ...args]);
    case 'cli':
      await install();
      await generate();
      await buildAsFarAsItGoes();
      return handOver(args);
    case 'generate':
      await install();
      return generateAll();
    case 'test':
      return test(args);
    case 'coverage':
      return test([], ['--coverage']);
    case 'chaos':
      return chaos(args);
    default:
      throw new Fault(`Unknown command ${command}.`, {
        hint: 'One of start, dev, test, coverage, chaos, cli, generate.',
      });
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  const fault = error instanceof Fault ? error : (explainMachine(String(error?.message)) ?? error);
  if (!(fault instanceof Fault)) throw error;
  if (fault.output.trim() !== '') say(`\n${fault.output.trimEnd()}\n`);
  say(`${red('✗')} ${fault.message}`);
  if (fault.hint !== '') say(`  ${fault.hint}`);
  if (process.env.SLUICE_LOG_LEVEL === 'debug' && error?.stack) say(dim(error.stack));
  process.exitCode = 1;
}
