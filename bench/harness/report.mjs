import { mkdirSync, writeFileSync } from 'node:fs';
import { formatTable } from './table.mjs';
import { judgeTargets } from './targets.mjs';

const BASE = 'hand-two';
const HEADS = [
  '',
  'CPU µs',
  '±%',
  `x ${BASE}`,
  'req/s',
  'p50 ms',
  'p99 ms',
  'SQL',
  'PG µs',
  'peak MB',
  'rounds',
  'foreign',
];

/** @returns {string[]} what is shown at the end of a run */
export function formatReport(result) {
  const { machine, workloads, cells, targets, skipped, peers, statements } = result;
  const lines = [
    '',
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, Linux ${machine.kernel}; ${machine.placement}`,
    `Node.js ${machine.node}, PostgreSQL ${machine.postgres}, ${machine.versions.join(', ')}`,
    `Sluice at ${machine.commit}; ${machine.rows}; ${result.options.connections} connections, rounds of ${result.options.seconds} s`,
  ];
  for (const workload of workloads) {
    const measured = cells.filter((cell) => cell.workload === workload.name);
    if (measured.length === 0) continue;
    lines.push('', `${workload.name}: ${workload.title}`);
    lines.push(
      ...formatTable(
        HEADS,
        measured.map((cell) => toRow(cell, measured, result.options)),
      ),
    );
  }
  lines.push('', 'SQL statements per request');
  lines.push(
    ...formatTable(
      ['', ...workloads.map(({ name }) => name)],
      peers.map(({ id }) => [id, ...workloads.map(({ name }) => statements[id]?.[name] ?? '')]),
    ),
  );
  lines.push('', 'Targets');
  lines.push(
    ...formatTable(
      ['', 'wanted', 'measured', ''],
      targets.map(({ target, wanted, measured, isReached, isDisturbed }) => [
        target,
        wanted,
        measured ?? 'not measured',
        `${isReached === null ? '' : isReached ? 'reached' : 'MISSED'}${isDisturbed ? ' ~' : ''}`,
      ]),
    ),
  );
  if (cells.some((cell) => cell.isDisturbed)) {
    lines.push('', '~ No round was free of foreign load on the core: only the least disturbed one is shown.');
  }
  for (const obstacle of skipped) lines.push('', `SKIPPED: ${obstacle}.`);
  return lines;
}

function toRow(cell, measured, options) {
  const base = measured.find(({ server }) => server === BASE);
  return [
    cell.isDisturbed ? `${cell.server} ~` : cell.server,
    cell.cpuMicros.toFixed(cell.cpuMicros < 1_000 ? 1 : 0),
    cell.cpuSpreadPercent.toFixed(0),
    base === undefined ? '' : (base.cpuMicros / cell.cpuMicros).toFixed(2),
    cell.requestsPerSecond.toFixed(0),
    cell.p50Ms.toFixed(1),
    cell.p99Ms.toFixed(1),
    cell.statements,
    cell.postgresMicros.toFixed(0),
    (cell.peakBytes / 2 ** 20).toFixed(0),
    `${cell.cleanRounds}/${options.rounds}`,
    `${(100 * cell.foreignShare).toFixed(0)} %`,
  ];
}

/** @returns all that a run found, as it is written to the file of results */
export function createResult({ date, machine, options, workloads, peers, skipped, cells, findings }) {
  const statements = Object.fromEntries([...findings].map(([id, finding]) => [id, finding.statements]));
  const { rounds, seconds, warmupSeconds, connections, isQuick } = options;
  return {
    date,
    machine,
    options: { rounds, seconds, warmupSeconds, connections, isQuick },
    workloads: workloads.map(({ name, title, query }) => ({ name, title, query })),
    peers: peers.map(({ id, title }) => ({ id, title })),
    skipped,
    statements,
    cells,
    targets: judgeTargets(cells, statements),
  };
}

/** @returns where it is */
export function writeResult(result, directory) {
  mkdirSync(directory, { recursive: true });
  const path = `${directory}/${result.date.replaceAll(':', '-').replace(/\..*/, '')}.json`;
  writeFileSync(path, `${JSON.stringify(result, null, 2)}\n`);
  return path;
}
