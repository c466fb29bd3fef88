import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { POSTGRAPHILE_QUERIES } from '../servers/postgraphile-queries.mjs';

const NEWER_NODE = fileURLToPath(
  new URL(`../node_modules/node-${process.platform}-${process.arch}/bin/node`, import.meta.url),
);
const isNewEnough = Number(process.versions.node.split('.')[0]) >= 22;

/** Without `runtime`, the Node.js that runs the harness; `queries` replace a workload's where names differ. */
export const PEERS = [
  {
    id: 'hand-two',
    title: 'hand-written, node:http + pg, two statements on a pool',
    file: 'hand-written.mjs',
    mode: 'two',
    hasDepth: false,
  },
  {
    id: 'hand-one',
    title: 'hand-written, one statement on pipelined clients',
    file: 'hand-written.mjs',
    mode: 'one',
    hasDepth: false,
  },
  { id: 'sluice', title: 'Sluice, plans and compiled execution', file: 'sluice.mjs', mode: 'plan' },
  {
    id: 'sluice-interpreted',
    title: 'Sluice, plans and graphql-js',
    file: 'sluice.mjs',
    mode: 'interpreted',
  },
  { id: 'sluice-loaders', title: 'Sluice, loaders on pg', file: 'sluice.mjs', mode: 'loaders' },
  { id: 'sluice-prisma', title: 'Sluice, loaders on Prisma', file: 'sluice.mjs', mode: 'prisma' },
  {
    id: 'postgraphile',
    title: 'PostGraphile 5',
    file: 'postgraphile.mjs',
    runtime: isNewEnough ? process.execPath : NEWER_NODE,
    queries: POSTGRAPHILE_QUERIES,
  },
  { id: 'mercurius', title: 'Mercurius, JIT and loaders, Prisma', file: 'mercurius.mjs' },
  { id: 'apollo', title: 'Apollo Server 5, DataLoader, Prisma', file: 'apollo-dataloader.mjs' },
  { id: 'yoga', title: 'Yoga 5, DataLoader, Prisma', file: 'yoga.mjs' },
  { id: 'apollo-naive', title: 'Apollo Server 5, Prisma, naive', file: 'apollo-naive.mjs' },
];

/** Why a server can't run here; null where it can. */
export function findObstacle(peer) {
  if (peer.runtime === undefined || existsSync(peer.runtime)) return null;
  return `${peer.title} needs Node.js 22, which npm has no package of for ${process.platform}-${process.arch}`;
}

export function answers(peer, workload) {
  return workload.growth !== 'depth' || peer.hasDepth !== false;
}

/** A short run times growth where it is promised, and counts statements everywhere. */
export function isTimed(peer, workload, { isQuick }) {
  if (!answers(peer, workload)) return false;
  if (!isQuick || workload.growth === undefined) return true;
  return workload.growth === 'rows'
    ? ['hand-two', 'sluice'].includes(peer.id)
    : peer.id === 'sluice' && workload.name !== 'depth2' && workload.name !== 'depth4';
}
