// An executable model of how a cache stays fresh: random schedules of nodes, drains, reads and writes; faults (Redis
// failovers that lose acknowledged commands, zombies, flushes, trims, late and repeated commands; crashes of PostgreSQL
// that lose visible commits; kills, pauses, partitions); and an oracle that knows what a read may answer. Beside it
// mutants, each of which drops one rule and must be caught. src/changes implements what is modelled here: change the
// protocol only together with this file. `node test/changes/model/run-model.mjs` runs it.
//
// A step is one atomic action of one process: the arrival of a message, a SQL statement, a Redis command, a local action.

// Rows and slices of the one table.
const K = 6;
const S = 2;
// In steps: the lag bound, an entry's life and how long it may be stale after, an episode, and how long a transaction
// may idle.
const L = 1000;
const TTL = 4000;
const SWR = 3000;
const EP = 30000;
const H = 500;
let MUT = new Set();
const mut = (m) => MUT.has(m);
let rs = 1;
const rnd = () => {
  rs |= 0;
  rs = (rs + 0x6d2b79f5) | 0;
  let t = Math.imul(rs ^ (rs >>> 15), 1 | rs);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
const ri = (n) => Math.floor(rnd() * n),
  chance = (p) => rnd() < p,
  pick = (a) => a[ri(a.length)];
class E extends Error {}
const fail = (m) => {
  throw new E(m);
};

let bound = 8,
  wr = 0.16,
  asy = 0.3,
  limit = 3,
  split = false,
  srvB = null;
const home = (n) => (split && n.i === 2 ? srvB : srv); // split: node 2 is configured with another Redis, on the same database
let T, procs, pg, srv, nodes, hist, ver, headers, cov, viol, uid, rep, poller, txs, ops;
const C = (k, n = 1) => {
  cov[k] = (cov[k] || 0) + n;
};
const spawn = (gen, node = null) => {
  const p = { gen, node, wait: null, dead: false, inc: node ? node.life : 0 };
  procs.push(p);
  return p;
};
const sleep = (n) => {
  const t = T + n;
  return () => T >= t;
};

// ---------- PostgreSQL ----------
function pgInit() {
  pg = {
    up: true,
    rows: Array.from({ length: K }, (_, k) => ({ v: ++ver, s: (k % (S + 1)) - (k % 3 === 2 ? 3 : 0) })),
    outbox: [],
    wal: [],
    flushed: 0,
    head: 0,
    inc: 1,
    boot: 1,
    gen: 0,
    seq: 0,
    seqFlushed: 0,
    lock: null,
    rowLock: Array(K).fill(null),
  };
  txs = new Set();
  rep = { applied: 0, hi: 0 };
  hist = [{ t: -1e9, rows: pg.rows.map((r) => ({ ...r })), lost: 0, lostAt: Infinity }];
}
function* sql(n, tx, fn) {
  // one statement: request, execution, answer
  yield;
  if (!pg.up || n.cutPg) fail('pg');
  if (tx) {
    if (tx.dead) fail('tx');
    tx.used = T;
  }
  const v = fn();
  yield;
  if (tx) tx.used = T;
  return v;
}
const begin = (n) => {
  const tx = { id: ++uid, dead: false, used: T, n, local: new Map() };
  txs.add(tx);
  return tx;
};
function abort(tx) {
  if (tx.dead) return;
  tx.dead = true;
  txs.delete(tx);
  for (const r of pg.outbox) if (r.del === tx) r.del = null;
  if (pg.lock === tx) pg.lock = null;
  for (let k = 0; k < K; k++) if (pg.rowLock[k] === tx) pg.rowLock[k] = null;
}
function flush() {
  pg.flushed = pg.wal.length;
  pg.seqFlushed = pg.seq;
}
function commitWrite(tx, sync) {
  // visible at once; WAL of an async commit is flushed later
  const prev = pg.rows.map((r) => ({ ...r })),
    tags = new Set();
  const bulk = tx.bulk;
  for (const [k, r] of tx.local) {
    const o = pg.rows[k];
    tags.add(`r${k}`);
    if (o.s !== r.s) {
      if (o.s >= 0) tags.add(`s${o.s}`);
      if (r.s >= 0) tags.add(`s${r.s}`);
    }
    pg.rows[k] = { ...r };
  }
  const row = {
    tags: bulk ? (mut('collapseOnlyMembership') ? ['s0', 's1'] : ['*']) : [...tags],
    del: null,
    tx: tx.id,
  };
  pg.outbox.push(row);
  hist.push({ t: T, rows: pg.rows.map((r) => ({ ...r })), lost: 0, lostAt: Infinity });
  const hi = hist.length - 1;
  pg.wal.push({
    kind: 'w',
    hi,
    undo() {
      pg.rows = prev;
      pg.outbox = pg.outbox.filter((x) => x !== row);
      hist[hi].lost = 1;
      hist[hi].lostAt = T;
      C('lostCommits');
    },
  });
  if (sync) flush();
  for (let k = 0; k < K; k++) if (pg.rowLock[k] === tx) pg.rowLock[k] = null;
  txs.delete(tx);
  tx.dead = true;
  tx.hi = hi;
  C('commits');
  return hi;
}
function pgCrash() {
  // lose what was visible but not flushed
  C('pgCrash');
  pg.gen++;
  for (const tx of [...txs]) abort(tx);
  while (pg.wal.length > pg.flushed) pg.wal.pop().undo();
  pg.seq = pg.seqFlushed;
  pg.boot = 0;
  pg.up = false; // the UNLOGGED boot row is gone
  spawn(
    (function* () {
      yield sleep(100 + ri(500));
      pg.up = true;
    })(),
  );
}
const val = (o, rows) =>
  o[0] === 'r'
    ? rows[+o[1]].s < 0
      ? 'null'
      : `${rows[+o[1]].v}:${rows[+o[1]].s}`
    : rows
        .map((r, k) => (r.s === +o[1] ? `${k}:${r.v}` : ''))
        .filter(Boolean)
        .join(',') || 'empty';
const tagsOf = (o, rows) =>
  o[0] === 'r' ? [o] : [o, ...rows.map((r, k) => (r.s === +o[1] ? `r${k}` : '')).filter(Boolean)];
const OBJ = [...Array(K).keys()].map((k) => `r${k}`).concat([...Array(S).keys()].map((s) => `s${s}`));

// ---------- Redis: log + heartbeat + L2; asynchronous replication ----------
const newSrv = (o) => ({
  id: ++uid,
  alive: true,
  streams: new Map(o ? [...o.streams].map(([e, s]) => [e, { recs: s.recs.slice(), last: s.last }]) : []),
  hb: o ? o.hb : null,
  l2: new Map(o ? o.l2 : []),
  replica: null,
  q: [],
});
const exec = (s, cmd, write) => {
  const v = cmd(s);
  if (write && s.replica) s.q.push(cmd);
  return v;
};
function* redis(n, cmd, write = false) {
  yield;
  const s = n.conn;
  if (!s?.alive || n.cutRedis) {
    n.conn = null;
    fail('redis');
  }
  const r = rnd();
  if (write && r < 0.01) {
    exec(s, cmd, write);
    C('redisTimeoutApplied');
    fail('timeout');
  }
  if (write && r < 0.015) {
    spawn(
      (function* () {
        yield sleep(100 + ri(1500));
        if (s.alive) {
          exec(s, cmd, write);
          C('redisLateApply');
        }
      })(),
    );
    fail('timeout');
  }
  if (r < 0.02) fail('timeout');
  const v = exec(s, cmd, write);
  yield;
  return v;
}
const stream = (s, e) => {
  if (!s.streams.has(e)) s.streams.set(e, { recs: [], last: 0 });
  return s.streams.get(e);
};
const append = (rec, t0) => (s) => {
  // the Lua script: explicit id, Redis refuses ids that go back
  const x = stream(s, rec.e);
  if (mut('redisIds')) rec = { ...rec, id: x.last + 1 };
  if (rec.id <= x.last) return false;
  x.recs.push(rec);
  x.last = rec.id;
  beat({ e: rec.e, head: rec.id, lsn: rec.lsn, t: t0 })(s);
  return rec.id;
};
const beat = (hb) => (s) => {
  if (mut('hbStampLate')) hb = { ...hb, t: T };
  if (!s.hb || s.hb.e !== hb.e || hb.t >= s.hb.t) s.hb = hb;
  return true;
};
function failover() {
  const old = srv;
  C('failover');
  C('failoverLostCmds', old.q.length);
  const nw = old.replica;
  old.replica = null;
  old.q = [];
  nw.replica = newSrv(nw);
  nw.q = [];
  srv = nw;
  for (const n of nodes) if (n.conn === old && chance(0.5)) n.conn = null; // the others stay on the zombie for a while
  if (chance(0.5)) old.alive = false;
  else {
    C('zombie');
    spawn(
      (function* () {
        yield sleep(500 + ri(5000));
        old.alive = false;
      })(),
    );
  }
}

// ---------- relay / drain ----------
function newDrain(need) {
  return { need, joinable: true, done: false, err: null, pos: 0, e: 0, recs: [], asked: 0 };
}
function drainShared(n, need) {
  // join only a drain whose DELETE, or look without the lock, has not been sent
  if (n.nextDrain?.joinable) {
    if (need === 'take') n.nextDrain.need = need;
    return n.nextDrain;
  }
  if (mut('joinRunningDrain') && n.nextDrain && !n.nextDrain.done) return n.nextDrain;
  const d = newDrain(need);
  n.nextDrain = d;
  spawn(runDrain(n, d), n);
  return d;
}
function* runDrain(n, d) {
  try {
    for (let first = true; ; first = false) {
      const more = yield* drainOnce(n, d, first);
      if (!more || mut('limitOnePass')) break;
    }
    yield* applyOwn(n, d);
  } catch (e) {
    if (!(e instanceof E)) throw e;
    d.err = e;
  }
  d.joinable = false;
  d.done = true;
  C(d.err ? 'drainFailed' : 'drainOk');
}
function* applyOwn(n, d) {
  // what a drain found is applied before anybody hears of it, and proves as much as a reading of the log does
  if (mut('noSelfCatchUp')) {
    n.ready = true;
    return;
  }
  for (const r of d.recs)
    if (n.e === r.rec?.e && r.rec.prev <= n.cursor) {
      apply(n, r.rec);
      C('ownApplied');
    }
  if (!(n.e === d.e && n.cursor >= d.pos)) while (yield* readLog(n)) C('ownRead');
  if (!(n.e === d.e && n.cursor >= d.pos)) {
    if (!adopt(n, d.e)) fail('left');
    if (d.pos > n.cursor) {
      n.floor = Math.max(n.floor, d.pos);
      n.cursor = d.pos;
      n.lsn = d.lsn;
      C('ownGap');
    }
  }
  n.ready = true;
  const until = (mut('ownProofFromItsEnd') ? T : d.asked) + L;
  if (until > n.trust) n.trust = until;
}
function* look(n, d, t0, s0) {
  // without the lock, by one statement: is there anything to take?
  const p = yield* sql(n, null, () => {
    d.joinable = false;
    return {
      head: pg.head,
      inc: pg.inc,
      lsn: pg.wal.length,
      stands: pg.boot !== 0 || mut('lookIgnoresBoot'),
      empty: pg.outbox.every((r) => mut('lookSkipsLocked') && r.del),
    };
  });
  if (!p.stands || !p.empty) return false;
  const t = mut('lookBeforeTime') ? yield* redis(n, () => T) : t0;
  if (n.conn !== s0) fail('moved');
  yield* redis(n, beat({ e: p.inc, head: p.head, lsn: p.lsn, t }), true);
  d.pos = p.head;
  d.e = p.inc;
  d.lsn = p.lsn;
  C('lookEmpty');
  return true;
}
function* drainOnce(n, d, first) {
  if (first) d.asked = T;
  const { t0, s0 } = yield* redis(n, (s) => ({ t0: T, s0: s })); // Redis TIME before anything is asked of PostgreSQL
  if (first && d.need === 'look' && (yield* look(n, d, t0, s0))) return false;
  const tx = begin(n);
  try {
    yield;
    if (!pg.up || n.cutPg) fail('pg');
    if (mut('skipLocked') && pg.lock) {
      d.joinable = false;
      d.pos = pg.head;
      d.e = pg.inc;
      abort(tx);
      return false;
    }
    tx.used = Infinity;
    yield () => pg.lock === null || tx.dead;
    if (tx.dead) fail('tx');
    pg.lock = tx;
    tx.used = T; // SELECT ... FOR UPDATE on sluice.log
    let { head, inc } = yield* sql(n, tx, () => ({ head: pg.head, inc: pg.inc }));
    let bump = false;
    if (pg.boot === 0 && !mut('noIncarnation')) {
      inc = ++uid + 1000;
      bump = true;
      C('epochBump');
    }
    yield;
    if (!pg.up || n.cutPg) fail('pg');
    if (tx.dead) fail('tx');
    tx.used = T; // DELETE: its snapshot is taken here
    d.joinable = false;
    const lim = limit;
    let rows = pg.outbox.filter((r) => !r.del);
    const more = rows.length >= lim;
    if (more) rows = rows.slice(0, lim);
    for (const r of rows) r.del = tx;
    const id = rows.length || bump ? ++pg.seq : 0,
      lsn = pg.wal.length;
    yield;
    tx.used = T;
    let pos = head;
    const tb = more && !mut('partialPassProves') ? -1e9 : t0; // a partial pass proves nothing about time t0
    const commit = function* () {
      yield;
      if (!pg.up || n.cutPg) fail('pg');
      if (tx.dead) fail('tx');
      const ph = pg.head,
        pi = pg.inc,
        pb = pg.boot;
      pg.outbox = pg.outbox.filter((r) => r.del !== tx);
      pg.head = pos;
      if (bump) {
        pg.inc = inc;
        pg.boot = inc;
      }
      pg.wal.push({
        kind: 'r',
        undo() {
          for (const r of rows) r.del = null;
          pg.outbox = rows.concat(pg.outbox);
          pg.head = ph;
          pg.inc = pi;
          pg.boot = pb;
        },
      });
      if (!chance(asy)) flush();
      pg.lock = null;
      txs.delete(tx);
      tx.dead = true;
      if (chance(0.02)) fail('commit unknown');
      yield;
    };
    if (mut('commitBeforeAppend')) {
      if (id) pos = id;
      yield* commit();
    }
    if (n.conn !== s0) fail('moved');
    let rec = null;
    if (id) {
      rec = { e: inc, id, prev: head, lsn, tags: rows.flatMap((r) => r.tags) };
      const ok = yield* redis(n, append(rec, tb), true);
      if (ok === false) {
        C('appendRefused');
        fail('refused');
      }
      pos = mut('redisIds') ? ok : id;
      C('append');
    } else yield* redis(n, beat({ e: inc, head, lsn, t: tb }), true);
    if (!mut('commitBeforeAppend')) yield* commit();
    d.recs.push({ e: inc, pos, rows, rec: rec && { ...rec, id: pos } });
    d.pos = pos;
    d.e = inc;
    d.lsn = lsn;
    return more;
  } finally {
    if (!tx.dead) {
      const x = tx;
      spawn(
        (function* () {
          yield sleep(ri(200));
          abort(x);
        })(),
      );
    }
  }
}

// ---------- node: tail, index, trust ----------
function newNode(i) {
  return { i, life: 0, ownLo: 0, l1: new Map(), flights: new Map() };
}
function startNode(n) {
  n.life++;
  Object.assign(n, {
    paused: 0,
    conn: home(n),
    cutPg: false,
    cutRedis: false,
    e: 0,
    left: new Set(),
    cursor: 0,
    lsn: 0,
    floor: 0,
    idx: new Map(),
    trust: -1,
    pending: 0,
    ready: false,
    l1: new Map(),
    flights: new Map(),
    nextDrain: null,
  });
  spawn(tail(n), n);
  spawn(pollLoop(n), n);
  spawn(boot(n), n);
}
function* boot(n) {
  for (;;) {
    const d = drainShared(n, 'look');
    yield () => d.done;
    if (!d.err) {
      C('ready');
      return;
    }
    yield sleep(100);
  }
}
function* pollLoop(n) {
  for (;;) {
    yield sleep(60 + ri(60));
    if (poller === n.i) {
      const d = drainShared(n, 'look');
      yield () => d.done;
    }
  }
}
function apply(n, r) {
  if (r.id <= n.cursor) return;
  if (r.prev > n.cursor && !mut(n.cursor ? 'noChain' : 'floorZeroAtStart')) {
    if (r.prev > n.floor) n.floor = r.prev;
    C(n.cursor ? 'gapFloor' : 'startFloor');
  }
  for (const t of r.tags) {
    n.idx.delete(t);
    n.idx.set(t, r.id);
  }
  while (n.idx.size > bound) {
    const [t, p] = n.idx.entries().next().value;
    n.idx.delete(t);
    if (!mut('forgetNoFloor')) n.floor = Math.max(n.floor, p);
    C('forget');
  }
  n.cursor = r.id;
  n.lsn = r.lsn;
}
function adopt(n, e) {
  if (e === n.e) return true;
  if (n.left.has(e) && !mut('epochFlapBack')) {
    C('oldEpochIgnored');
    return false;
  }
  if (n.e) n.left.add(n.e);
  Object.assign(n, { e, cursor: 0, floor: 0, trust: -1 });
  n.idx.clear();
  C('adopt');
  return true;
}
function* readLog(n) {
  // heartbeat and some records, of one moment; true: there are more
  if (!n.conn) {
    if (!n.cutRedis) n.conn = home(n);
    else fail('redis');
  }
  const ts = T;
  const a = yield* redis(n, (s) => {
    const hb = s.hb;
    if (!hb) return null;
    const x = s.streams.get(hb.e),
      c = hb.e === n.e ? n.cursor : 0;
    const all = x ? x.recs.filter((r) => r.id > c) : [];
    return { hb, recs: all.slice(0, 4), full: all.length > 4, now: T };
  });
  if (!a || !adopt(n, a.hb.e)) return false;
  for (const r of a.recs) apply(n, r);
  if (a.full) return true;
  if (a.hb.head > n.cursor) {
    if (!mut(n.cursor ? 'noChain' : 'floorZeroAtStart')) {
      n.floor = Math.max(n.floor, a.hb.head);
      C('hbGapFloor');
    }
    n.cursor = a.hb.head;
    n.lsn = a.hb.lsn;
  }
  const until = (mut('leaseFromAnyReply') ? a.now : a.hb.t) + (ts - a.now) + L;
  if (until > n.trust) n.trust = until;
  return false;
}
function* tail(n) {
  for (;;) {
    yield;
    if (!n.conn) {
      yield sleep(ri(100));
      if (!n.cutRedis) n.conn = home(n);
      continue;
    }
    if (chance(0.03)) yield sleep(ri(700));
    try {
      yield* readLog(n);
    } catch (e) {
      if (!(e instanceof E)) throw e;
    }
  }
}
const trusted = (n) => (mut('noLease') ? n.e > 0 : n.ready && !n.pending && T <= n.trust);
const notVoid = (n, e) =>
  e.e === n.e &&
  e.pos >= n.floor &&
  e.tags.every((t) => (n.idx.get(t) || 0) <= e.pos) &&
  (n.idx.get('*') || 0) <= e.pos;
const usable = (n, e) =>
  (mut('serveUntrusted') ? n.e > 0 : trusted(n)) && notVoid(n, e) && T - e.born <= TTL + SWR;

// ---------- reads ----------
function* dbRead(n, o, req) {
  // -> {val,tags,pos,e}: pos is the cursor before the snapshot
  if (req.snap) {
    const p = mut('rrStampAtStatement') ? { pos: n.cursor, e: n.e } : req.snap;
    yield* sql(n, null, () => {
      if (req.snap.gen !== pg.gen) fail('snapshot lost');
    });
    C('rrRead');
    return {
      val: val(o, hist[req.snap.hi].rows),
      tags: tagsOf(o, hist[req.snap.hi].rows),
      pos: p.pos,
      e: p.e,
    };
  }
  const pos = n.cursor,
    e = n.e,
    lsn = n.lsn;
  if (!req.primary && chance(0.3) && trusted(n) && (mut('replicaNoLsn') || rep.applied >= lsn)) {
    yield;
    const rows = hist[rep.hi].rows;
    yield;
    C('replicaRead');
    return { val: val(o, rows), tags: tagsOf(o, rows), pos, e };
  }
  return yield* sql(n, null, () => ({ val: val(o, pg.rows), tags: tagsOf(o, pg.rows), pos, e }));
}
function* loader(n, o, req) {
  let m = req.memo.get(o);
  if (m) {
    C('memoHit');
    return m;
  }
  m = yield* dbRead(n, o, req);
  req.memo.set(o, m);
  return m;
}
function merge(ctx, part) {
  for (const t of part.tags) ctx.tags.add(t);
  if (part.stale) ctx.stale = true;
  if (part.nocache && !mut('uncacheableNotInherited')) ctx.nocache = true;
  if (part.e !== ctx.e) {
    ctx.nocache = true;
    return;
  }
  if (!mut('noMinOfParts') && part.pos < ctx.pos) ctx.pos = part.pos;
}
function* cached(n, key, req, compute) {
  let old = null;
  const look = (e, where) => {
    if (!e) return null;
    if (!old || e.pos > old.pos) old = e;
    if (mut('swrIgnoresTags') && trusted(n) && e.e === n.e && T - e.born > TTL && T - e.born <= TTL + SWR)
      return e;
    if (!usable(n, e)) {
      C('reject');
      return null;
    }
    C(`hit${where}`);
    if (e.pos > n.cursor) C('hitAhead');
    if (T - e.born > TTL && !n.flights.has(key)) {
      C('swr');
      spawn(
        (function* () {
          try {
            yield* fill(n, key, { memo: new Map() }, compute);
          } catch (x) {
            if (!(x instanceof E)) throw x;
          }
        })(),
        n,
      );
    }
    return e;
  };
  if (!req.bypass) {
    let e = look(n.l1.get(key), 'L1');
    if (e) return e;
    try {
      e = look(yield* redis(n, (s) => s.l2.get(key)), 'L2');
      if (e) {
        n.l1.set(key, e);
        return e;
      }
    } catch (x) {
      if (!(x instanceof E)) throw x;
    }
    const f = n.flights.get(key);
    if (f && !f.done) {
      const c0 = n.cursor;
      if (!mut('sfPositionOnly') || f.c0 === c0) {
        const t = T + 3000;
        yield () => f.done || T > t;
        if (f.entry) {
          if (mut('sfNoCheck') || mut('sfPositionOnly')) {
            C('joined');
            return f.entry;
          }
          if (
            !f.entry.stale &&
            (!f.entry.nocache || mut('shareUncacheable', 'uncacheableNotInherited')) &&
            usable(n, f.entry)
          ) {
            C('joined');
            return f.entry;
          }
          C('joinRefused');
        }
      }
    }
  }
  try {
    return yield* fill(n, key, req, compute);
  } catch (x) {
    if (!(x instanceof E)) throw x;
    if (old && !req.bypass && n.ready && !n.pending && (mut('sieKnownVoid') ? true : notVoid(n, old))) {
      C('sie');
      return { ...old, stale: true };
    }
    throw x;
  }
}
function* fill(n, key, req, compute) {
  const f = { done: false, entry: null, c0: n.cursor };
  if (!req.bypass) n.flights.set(key, f);
  try {
    const ctx = { e: n.e, pos: n.cursor, tags: new Set(), stale: false, nocache: false }; // R: stamp before the first read
    const v = yield* compute(ctx, req);
    if (mut('stampAfterRead')) {
      ctx.pos = n.cursor;
      ctx.e = n.e;
    }
    if (chance(0.3)) yield sleep(ri(400)); // slow tail of the computation
    const e = { e: ctx.e, pos: ctx.pos, tags: [...ctx.tags], val: v, born: T, stale: ctx.stale };
    e.nocache = ctx.nocache;
    f.entry = e;
    f.done = true;
    if (!ctx.stale && !ctx.nocache && e.e && !req.nofill) {
      n.l1.set(key, e);
      C('fill');
      if (chance(0.7))
        spawn(
          (function* () {
            try {
              yield* redis(n, (s) => s.l2.set(key, e), true);
            } catch (x) {
              if (!(x instanceof E)) throw x;
            }
          })(),
          n,
        );
    }
    return e;
  } finally {
    f.done = true;
    if (n.flights.get(key) === f) n.flights.delete(key);
  }
}
const fieldOf = (n, o) =>
  function* (ctx, req) {
    const p = yield* loader(n, o, req);
    merge(ctx, p);
    return p.val;
  };
function* part(n, ctx, req, o) {
  if (chance(0.5)) {
    const e = yield* cached(n, `F${o}`, req, fieldOf(n, o));
    merge(ctx, e);
    return e.val;
  }
  const p = yield* loader(n, o, req);
  merge(ctx, p);
  return p.val;
}
// ---------- oracle ----------
const solid = (i) => {
  while (i > 0 && hist[i].lost) i--;
  return i;
};
function loAt(tb) {
  let i = hist.length - 1;
  while (i > 0 && (hist[i].lost || hist[i].t > tb - L)) i--;
  return i;
}
function check(what, o, v, tb, own, strictOnly) {
  const lo = Math.max(solid(own), strictOnly ? 0 : loAt(tb));
  ops++;
  for (let i = hist.length - 1; i >= 0; i--) {
    const h = hist[i];
    if (i < lo) break;
    if (h.lost && h.lostAt < tb - L && !strictOnly) continue;
    if (val(o, h.rows) === v) return;
  }
  viol = {
    what,
    o,
    v,
    tb,
    T,
    own,
    lo,
    now: val(o, pg.rows),
    when: hist
      .map((h, i) => (val(o, h.rows) === v ? `${i}@${h.t}${h.lost ? ` lost@${h.lostAt}` : ''}` : 0))
      .filter(Boolean)
      .slice(-4),
    loT: hist[lo].t,
  };
}
const _note = (m) => {
  if (viol) viol.what = `${m}: ${viol.what}`;
};

// ---------- clients ----------
function* query(n) {
  const tb = T;
  let own = n.ownLo,
    hdr = null;
  const req = { memo: new Map(), bypass: false, primary: false };
  try {
    if (headers.length && chance(0.4)) {
      hdr = chance(0.7) ? headers[headers.length - 1] : pick(headers);
      own = Math.max(own, hdr.hi);
      C('header');
      if (!mut('headerIgnored')) {
        const t = T + 600;
        yield () => (n.e === hdr.e && n.cursor >= hdr.pos) || T > t;
        if (!(n.e === hdr.e && n.cursor >= hdr.pos)) {
          req.bypass = req.primary = true;
          C('headerBypass');
        }
      }
    }
    if (chance(0.1)) {
      const st = { pos: n.cursor, e: n.e, gen: pg.gen };
      yield* sql(n, null, () => {
        st.gen = pg.gen;
        st.hi = solid(hist.length - 1);
      });
      req.snap = st;
      if (chance(0.5)) yield sleep(ri(600));
    }
    const a = pick(OBJ),
      b = pick(OBJ);
    if (chance(0.3)) yield* loader(n, a, req); // something earlier in the request primed the loader
    if (chance(0.3)) yield sleep(ri(300));
    const comp = function* (ctx, rq) {
      const x = yield* part(n, ctx, rq, a);
      const y = yield* part(n, ctx, rq, b);
      return [x, y];
    };
    let e;
    if (chance(0.7)) e = yield* cached(n, `R${a}${b}`, req, comp);
    else {
      const ctx = { e: n.e, pos: n.cursor, tags: new Set() };
      const v = yield* comp(ctx, req);
      e = { val: v, stale: ctx.stale };
      C('uncachedOp');
    }
    if (e.stale) C('labelledStale');
    C('read');
    check(
      `node ${n.i} read ${e.stale ? '(labelled) ' : ''}pos ${e.e}/${e.pos} cursor ${n.e}/${n.cursor} hdr ${hdr ? hdr.pos : '-'}`,
      a,
      e.val[0],
      tb,
      own,
      e.stale,
    );
    if (viol) return;
    check(
      `node ${n.i} read ${e.stale ? '(labelled) ' : ''}pos ${e.e}/${e.pos} cursor ${n.e}/${n.cursor} hdr ${hdr ? hdr.pos : '-'}`,
      b,
      e.val[1],
      tb,
      own,
      e.stale,
    );
  } catch (x) {
    if (!(x instanceof E)) throw x;
    C('readError');
  }
}
function* write(n, tx, ks, hold) {
  for (const k of [...ks].sort()) {
    tx.used = Infinity;
    yield () => pg.rowLock[k] === null || tx.dead;
    if (tx.dead) fail('tx');
    pg.rowLock[k] = tx;
    tx.used = T;
    yield* sql(n, tx, () => tx.local.set(k, { v: ++ver, s: chance(0.6) ? pg.rows[k].s : ri(S + 1) - 1 }));
  }
  if (hold) {
    tx.used = Infinity;
    yield sleep(ri(hold));
    tx.used = T;
  }
}
function* mutation(n) {
  const req = { memo: new Map(), bypass: false, primary: true, nofill: true },
    ks = [...new Set([ri(K), ri(K)].slice(0, 1 + ri(2)))];
  let hi = -1,
    wrote = false,
    tx;
  const o = `r${ks[0]}`;
  try {
    if (chance(0.5)) yield* loader(n, o, req); // authorisation read it before the write
    yield;
    if (!pg.up || n.cutPg) fail('pg');
    tx = begin(n);
    const _c0 = { e: n.e, pos: n.cursor };
    yield* write(n, tx, ks, chance(0.2) ? 400 : 0);
    if (chance(0.1)) tx.bulk = true;
    wrote = true;
    if (mut('txFills')) {
      const r = tx.local.get(ks[0]);
      n.l1.set(`F${o}`, {
        e: n.e,
        pos: n.cursor,
        tags: [o],
        val: r.s < 0 ? 'null' : `${r.v}:${r.s}`,
        born: T,
      });
    }
    if (chance(0.15)) {
      yield* sql(n, tx, () => abort(tx));
      C('rollback');
    } else {
      hi = yield* sql(n, tx, () => commitWrite(tx, !chance(asy)));
      if (chance(0.02)) fail('commit unknown');
    }
    if (!mut('memoKept')) req.memo.clear(); // R: a write clears the request's loaders
    req.bypass = !mut('mutationReadsCache'); // R: and its later reads go to the primary, uncached
    if (hi >= 0) {
      const tb = T,
        e = yield* chance(0.5) ? cached(n, `F${o}`, req, fieldOf(n, o)) : loader(n, o, req);
      check(`node ${n.i} read after write in the same operation`, o, e.val, tb, hi, false);
      if (viol) return;
    }
  } catch (x) {
    if (!(x instanceof E)) throw x;
  } finally {
    if (tx && !tx.dead) abort(tx);
  }
  if (!wrote) return;
  if (tx.hi !== undefined) hi = tx.hi;
  if (mut('noDrain')) {
    answer(n, hi, null);
    return;
  }
  for (let i = 0; i < 3; i++) {
    const d = drainShared(n, chance(0.5) ? 'take' : 'look');
    const t = T + 1500;
    yield () => d.done || T > t;
    if (!d.done || d.err) continue;
    if (!mut('noSelfCatchUp')) {
      yield () => (n.e === d.e && n.cursor >= d.pos) || T > t;
      if (!(n.e === d.e && n.cursor >= d.pos)) continue;
    }
    answer(n, hi, d);
    const r = tx.local.get(ks[0]),
      mine = d.recs.find((x) => x.rows.some((y) => y.tx === tx.id)); // write-through: stamped with the very record that holds my row, and only if nobody else is in it for this tag
    const at = mut('writeThroughAtDrainPos')
      ? d.pos
      : mine?.rows.every((y) => y.tx === tx.id || !(y.tags.includes(o) || y.tags.includes('*')))
        ? mine.pos
        : 0;
    if (hi >= 0 && !tx.bulk && at && chance(0.5)) {
      n.l1.set(`F${o}`, {
        e: mine ? mine.e : d.e,
        pos: at,
        tags: [o],
        val: r.s < 0 ? 'null' : `${r.v}:${r.s}`,
        born: T,
      });
      C('writeThrough');
    }
    return;
  }
  C('pendingAnswer'); // drain impossible: answer, but this node serves nothing from its caches until a later drain has come home
  if (!mut('drainFailureIgnored')) {
    n.pending++;
    spawn(settle(n), n);
  }
  answer(n, hi, null);
}
function* settle(n) {
  for (;;) {
    const d = drainShared(n, 'take'),
      t = T + 1500;
    yield () => d.done || T > t;
    if (d.done && !d.err) {
      yield () => (n.e === d.e && n.cursor >= d.pos) || T > t;
      if (n.e === d.e && n.cursor >= d.pos) {
        n.pending--;
        return;
      }
    }
    yield sleep(50);
  }
}
function answer(n, hi, d) {
  C('answered');
  if (hi < 0) return;
  n.ownLo = Math.max(n.ownLo, hi);
  if (d) {
    headers.push({ e: d.e, pos: d.pos, hi });
    if (headers.length > 5) headers.shift();
  }
}
const outside = { cutPg: false };
function* psql() {
  const tx = begin(outside);
  try {
    yield* write(
      outside,
      tx,
      [...new Set(Array.from({ length: 1 + ri(3) }, () => ri(K)))],
      chance(0.1) ? 2500 : 0,
    );
    if (chance(0.2)) tx.bulk = true;
    if (chance(0.1)) abort(tx);
    else yield* sql(outside, tx, () => commitWrite(tx, !chance(asy)));
  } catch (x) {
    if (!(x instanceof E)) throw x;
  } finally {
    if (!tx.dead) abort(tx);
  }
}

// ---------- environment ----------
function* replicator() {
  for (;;) {
    yield sleep(ri(chance(0.05) ? 900 : 30));
    const s = srv;
    for (let i = 0; i < 6 && s.q.length; i++) {
      const c = s.q.shift();
      c(s.replica);
    }
  }
}
function* walwriter() {
  for (;;) {
    yield sleep(50 + ri(asy > 0.5 ? 3000 : 400));
    if (pg.up) flush();
  }
}
function* standby() {
  for (;;) {
    yield sleep(ri(chance(0.1) ? 700 : 40));
    while (rep.applied < pg.flushed && chance(0.9)) {
      const w = pg.wal[rep.applied++];
      if (w.kind === 'w') rep.hi = w.hi;
    }
  }
}
function* janitor() {
  for (;;) {
    yield sleep(20);
    for (const tx of [...txs])
      if (T - tx.used > H) {
        abort(tx);
        C('idleTxKilled');
      }
  }
}
function* election() {
  for (;;) {
    yield sleep(300);
    const p = nodes[poller];
    if (p.paused > T || p.down || !p.conn || p.cutPg || chance(0.05)) {
      poller = ri(nodes.length);
    }
  }
}
function* load() {
  for (;;) {
    yield sleep(ri(12));
    const live = nodes.filter((n) => !n.down);
    if (!live.length) continue;
    const busy = procs.length;
    if (busy > 45) continue;
    const n = pick(live);
    spawn(chance(wr) ? mutation(n) : query(n), n);
    if (chance(wr / 3)) spawn(psql());
  }
}
function* faults(rate) {
  for (;;) {
    yield sleep(ri(2 * rate));
    const n = pick(nodes);
    let f = ri(12);
    if (mut('calm')) continue;
    if (mut('noRedisFaults') && f >= 4 && f <= 8) f = 1;
    const back = (fn, d) => {
      const l = n.life;
      spawn(
        (function* () {
          yield sleep(d);
          if (n.life === l) fn();
        })(),
      );
    };
    if (n.down) continue;
    if (f === 0) {
      n.paused = T + 100 + ri(2500);
      C('pause');
    } else if (f === 1) {
      n.down = true;
      n.life++;
      C('kill');
      for (const tx of [...txs])
        if (tx.n === n)
          spawn(
            (function* () {
              yield sleep(ri(300));
              abort(tx);
            })(),
          );
      spawn(
        (function* () {
          yield sleep(ri(1500));
          n.down = false;
          startNode(n);
        })(),
      );
    } else if (f === 2) {
      n.cutRedis = true;
      C('cutRedis');
      back(() => {
        n.cutRedis = false;
      }, 200 + ri(4000));
    } else if (f === 3) {
      n.cutPg = true;
      C('cutPg');
      back(() => {
        n.cutPg = false;
      }, 200 + ri(3000));
    } else if (f === 4 || f === 5) {
      if (srv.replica) failover();
    } else if (f === 6) {
      C('redisFlush');
      exec(
        srv,
        (s) => {
          s.streams.clear();
          s.hb = null;
          s.l2.clear();
        },
        true,
      );
    } else if (f === 7) {
      C('trim');
      exec(
        srv,
        (s) => {
          for (const x of s.streams.values()) x.recs.splice(0, Math.ceil(x.recs.length * 0.8));
        },
        true,
      );
    } else if (f === 8) {
      if (pg.up) pgCrash();
    } else if (f === 9) {
      if (pg.up) {
        C('pgDown');
        pg.gen++;
        pg.up = false;
        for (const tx of [...txs]) abort(tx);
        flush();
        spawn(
          (function* () {
            yield sleep(300 + ri(2500));
            pg.up = true;
          })(),
        );
      }
    } // clean restart: nothing lost, boot row stays
    else if (f === 10) {
      n.conn = null;
    } else if (f === 11) {
      C('l2evict');
      for (const k of [...srv.l2.keys()]) if (chance(0.5)) srv.l2.delete(k);
    }
  }
}
function episode(seed, steps) {
  rs = seed | 0;
  T = 0;
  procs = [];
  ver = 0;
  uid = 0;
  headers = [];
  viol = null;
  ops = 0;
  bound = seed & 4 ? 4 : 100;
  wr = seed & 8 ? 0.16 : 0.06;
  asy = seed & 16 ? 0.95 : 0.3;
  limit = seed & 32 ? 1 : 3;
  split = (seed & 192) === 192 && !mut('calm') && !mut('noRedisFaults');
  pgInit();
  srv = newSrv();
  srv.replica = newSrv();
  srvB = newSrv();
  nodes = [0, 1, 2].map(newNode);
  poller = 0;
  nodes.forEach(startNode);
  for (const g of [
    replicator(),
    walwriter(),
    standby(),
    janitor(),
    election(),
    load(),
    faults([1200, 400, 4000, 1e9][seed & 3]),
  ])
    spawn(g);
  let done = 0;
  while (done < steps) {
    T++;
    const i = ri(procs.length),
      p = procs[i],
      n = p.node;
    if (n && p.inc !== n.life) {
      procs[i] = procs[procs.length - 1];
      procs.pop();
      continue;
    }
    if (n && n.paused > T) continue;
    if (p.wait && !p.wait()) continue;
    const r = p.gen.next();
    done++;
    p.wait = r.done ? null : r.value || null;
    if (r.done) {
      const j = procs.indexOf(p);
      procs[j] = procs[procs.length - 1];
      procs.pop();
    }
    if (viol) return { done, viol };
  }
  return { done };
}
function run(steps, seed0 = 1) {
  cov = {};
  let total = 0,
    checks = 0,
    eps = 0;
  for (let s = seed0; total < steps; s++) {
    const r = episode(s * 256 * 7919 + ((s * 89) & 255), EP);
    eps++;
    total += r.done;
    checks += ops;
    if (r.viol) return { total, eps, checks, seed: s, viol: r.viol };
  }
  return { total, eps, checks };
}

export const MUTANTS = [
  'stampAfterRead',
  'noMinOfParts',
  'noDrain',
  'joinRunningDrain',
  'skipLocked',
  'limitOnePass',
  'noSelfCatchUp',
  'sfNoCheck',
  'sfPositionOnly',
  'memoKept',
  'mutationReadsCache',
  'txFills',
  'writeThroughAtDrainPos',
  'drainFailureIgnored',
  'headerIgnored',
  'noChain',
  'redisIds',
  'floorZeroAtStart',
  'forgetNoFloor',
  'noIncarnation',
  'noLease',
  'leaseFromAnyReply',
  'serveUntrusted',
  'swrIgnoresTags',
  'sieKnownVoid',
  'replicaNoLsn',
  'rrStampAtStatement',
  'collapseOnlyMembership',
  'partialPassProves',
  'hbStampLate',
  'shareUncacheable',
  'uncacheableNotInherited',
  'lookBeforeTime',
  'lookSkipsLocked',
  'lookIgnoresBoot',
  'ownProofFromItsEnd',
  'noChain+noRedisFaults+commitBeforeAppend',
];
// these must NOT be violated: the chain repairs a commit before append; without the chain the order is enough only while Redis loses nothing
export const STILL_OK = ['commitBeforeAppend', 'noChain+noRedisFaults'];

// Rare ones: start near a seed that is known to catch them.
const SEEDS = { uncacheableNotInherited: 7680, shareUncacheable: 3620 };

/** Runs the protocol, or a mutant of it, for about so many steps or up to the first violation. */
export function runModel({ mutant = null, steps, seed = null }) {
  MUT = new Set(mutant === null ? [] : mutant.split('+'));
  // Faults are thrown by the million here.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return { ...run(steps, seed ?? SEEDS[mutant] ?? 1), coverage: cov };
  } finally {
    MUT = new Set();
    Error.stackTraceLimit = stackTraceLimit;
  }
}
