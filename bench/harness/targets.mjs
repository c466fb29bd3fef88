/** What is to be reached, in CPU per request of one run: how many times more the other server uses. */
const RATIOS = [
  { workload: 'detail', against: 'hand-two', atLeast: 1.2 },
  { workload: 'list', against: 'hand-two', atLeast: 1.0 },
  { workload: 'detail', against: 'hand-one', atLeast: 0.75 },
  { workload: 'list', against: 'hand-one', atLeast: 0.8 },
  { workload: 'detail', against: 'postgraphile', atLeast: 4 },
  { workload: 'list', against: 'postgraphile', atLeast: 4 },
  { workload: 'detail', against: 'apollo', atLeast: 9 },
  { workload: 'list', against: 'apollo', atLeast: 15 },
];
const SUBJECT = 'sluice';
const GROWN_BY = 10;

/**
 * Each target beside what was measured. `isReached` is null where a part of it was not measured.
 *
 * @param cells of `measure`
 * @param statements by server, by workload
 */
export function judgeTargets(cells, statements) {
  const find = (server, workload) =>
    cells.find((cell) => cell.server === server && cell.workload === workload) ?? null;
  const ratios = RATIOS.map(({ workload, against, atLeast }) => {
    const mine = find(SUBJECT, workload);
    const other = find(against, workload);
    const ratio = mine === null || other === null ? null : other.cpuMicros / mine.cpuMicros;
    return {
      target: `${workload}: CPU of ${against} / of ${SUBJECT}`,
      wanted: `>= ${atLeast}`,
      measured: ratio === null ? null : ratio.toFixed(2),
      isReached: ratio === null ? null : ratio >= atLeast,
      isDisturbed: ratio !== null && (mine.isDisturbed || other.isDisturbed),
    };
  });
  return [...ratios, ...judgeStatements(statements[SUBJECT] ?? {}), ...judgeRows(find)];
}

function judgeStatements(statements) {
  const counts = Object.entries(statements);
  if (counts.length === 0) return [];
  const most = Math.max(...counts.map(([, count]) => count));
  const worst = counts.filter(([, count]) => count > 1).map(([workload, count]) => `${workload} ${count}`);
  const hasGrown = statements.rows !== undefined && statements.list !== undefined;
  return [
    {
      target: `SQL statements per request, ${counts.length} workloads of one root field`,
      wanted: '1',
      measured: worst.length === 0 ? String(most) : worst.join(', '),
      isReached: most <= 1,
    },
    {
      target: `rows x ${GROWN_BY}: SQL statements`,
      wanted: 'same',
      measured: hasGrown ? `${statements.list} -> ${statements.rows}` : null,
      isReached: hasGrown ? statements.list === statements.rows : null,
    },
  ];
}

function judgeRows(find) {
  const [few, many] = [find(SUBJECT, 'list'), find(SUBJECT, 'rows')];
  if (few === null || many === null) return [];
  const cpu = many.cpuMicros / few.cpuMicros;
  const memory = many.peakBytes / few.peakBytes;
  return [
    {
      target: `rows x ${GROWN_BY}: CPU, at most linear`,
      wanted: `<= ${GROWN_BY}`,
      measured: cpu.toFixed(2),
      isReached: cpu <= GROWN_BY,
      isDisturbed: few.isDisturbed || many.isDisturbed,
    },
    {
      target: `rows x ${GROWN_BY}: peak memory, at most linear`,
      wanted: `<= ${GROWN_BY}`,
      measured: memory.toFixed(2),
      isReached: memory <= GROWN_BY,
    },
  ];
}
