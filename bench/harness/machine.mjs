import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { findObstacle } from './peers.mjs';
import { hasTaskset } from './server-process.mjs';

const ROOT = new URL('../../', import.meta.url);
const NAMED = [
  '@apollo/server',
  'graphql',
  'graphql-yoga',
  'mercurius',
  'postgraphile',
  '@prisma/client',
  'pg',
  'dataloader',
];

/** Where and with what a run took place. */
export function describeMachine({ database, core, peers }) {
  const { categories, products, users, reviews } = database.facts.counts;
  const newer = peers.find((peer) => peer.runtime !== undefined && findObstacle(peer) === null);
  const runtime = newer === undefined ? '' : `, ${newer.id} on ${versionOfNode(newer.runtime)}`;
  return {
    cpu: cpus()[0]?.model ?? 'unknown processor',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    placement: hasTaskset
      ? `server on core ${core}, load and PostgreSQL on the rest`
      : 'NOT PINNED: taskset is missing, foreign load can not be told',
    node: `${process.versions.node}${runtime}`,
    postgres: database.version,
    versions: NAMED.map((name) => `${name} ${readVersion(name)}`),
    commit: findCommit(),
    rows: `${products} products in ${categories} categories, ${reviews} reviews of ${users} users`,
  };
}

function versionOfNode(runtime) {
  return execFileSync(runtime, ['--version'], { encoding: 'utf8' }).trim();
}

/** Of the peers' packages first, then of the project's. */
function readVersion(name) {
  const places = ['bench/node_modules', 'node_modules'].map(
    (place) => new URL(`${place}/${name}/package.json`, ROOT),
  );
  const place = places.find((candidate) => existsSync(candidate));
  return place === undefined ? 'missing' : JSON.parse(readFileSync(place, 'utf8')).version;
}

function findCommit() {
  try {
    const git = (...args) =>
      execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const isChanged = git('status', '--porcelain', '--', 'src', 'bench').trim() !== '';
    return `${git('rev-parse', '--short', 'HEAD').trim()}${isChanged ? ' with changes' : ''}`;
  } catch {
    // An unpacked archive, or no git: nothing depends on it.
    return 'an unknown commit';
  }
}
