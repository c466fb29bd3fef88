import { parseArgs } from 'node:util';

export const HELP = `npm run bench -- [options]

  --quick                 shorter rounds, about five minutes
  --only a,b              these servers only (npm run bench -- --list names them)
  --workloads a,b         these workloads only
  --rounds n              clean rounds per server and workload
  --seconds s             length of a round
  --warmup s              load on each server before the first round of a workload
  --connections n         requests in flight
  --profile <workload>    names the functions in which Sluice spends its time, instead of comparing
  --no-prepare            takes what is installed and built as it is
  --list                  names servers and workloads
`;

const LONG = { rounds: 7, seconds: 4, warmup: 4, isQuick: false };
/** Three rounds are the fewest that have a median which one disturbed round can't move. */
const QUICK = { rounds: 3, seconds: 0.7, warmup: 1.2, isQuick: true };

/** @throws Error that names the mistake */
export function parseOptions(argv, { servers, workloads }) {
  const { values } = parseArgs({
    args: argv,
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      workloads: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      warmup: { type: 'string' },
      connections: { type: 'string', default: '64' },
      profile: { type: 'string' },
      'no-prepare': { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const defaults = values.quick ? QUICK : LONG;
  return {
    isQuick: defaults.isQuick,
    rounds: readNumber('rounds', values.rounds, defaults.rounds),
    seconds: readNumber('seconds', values.seconds, defaults.seconds),
    warmupSeconds: readNumber('warmup', values.warmup, defaults.warmup),
    connections: readNumber('connections', values.connections, 64),
    servers: choose('server', values.only, servers),
    workloads: choose('workload', values.workloads, workloads),
    profile: values.profile === undefined ? null : choose('workload', values.profile, workloads)[0],
    isPrepared: values['no-prepare'],
    isList: values.list,
    isHelp: values.help,
  };
}

function readNumber(name, text, fallback) {
  if (text === undefined) return fallback;
  const number = Number(text);
  if (!(number > 0)) throw new Error(`--${name} ${text}: expected a number above 0.`);
  return number;
}

/** Those of `known` that the comma-separated `text` names, in the order of `known`; all where nothing is named. */
function choose(kind, text, known) {
  if (text === undefined) return known;
  const wanted = text.split(',').map((name) => name.trim());
  for (const name of wanted) {
    if (!known.includes(name))
      throw new Error(`No ${kind} is called ${name}. There are: ${known.join(', ')}.`);
  }
  return known.filter((name) => wanted.includes(name));
}
