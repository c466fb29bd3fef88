-- What triggers write into and drains take from, and where a drain finds how far the last one came.
-- PostgreSQL 13 or later; no extension; its owner need not be a superuser. Applied once, in a transaction.

CREATE SCHEMA IF NOT EXISTS sluice;

-- A committed change waits here until a drain takes it. Only triggers insert, only drains delete.
CREATE TABLE sluice.outbox (
  -- Of the writer's transaction. A drain remembers the snapshot that it saw, so what is new to the next one is what
  -- comes from transactions that were not finished then: two ranges of the index on this column. Rows that are dead
  -- but can't be removed, because some transaction stays open for an hour, are thus never looked at again.
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  -- Null: more than can be named; all that is known from before is void.
  tags text[],
  at timestamptz NOT NULL DEFAULT statement_timestamp()
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
CREATE INDEX outbox_xid_idx ON sluice.outbox (xid);

-- Positions in the log. Values survive a rollback, so none is ever used twice.
CREATE SEQUENCE sluice.position AS bigint;

-- One row. It is found by its index from the right, where its newest version stands: as with the outbox, the many
-- versions that an open transaction keeps alive cost nothing then.
CREATE TABLE sluice.log (
  -- The last position given out.
  head bigint NOT NULL,
  epoch text NOT NULL,
  -- What the last drain that left nothing behind saw. Null: none has yet.
  drained pg_snapshot
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
CREATE UNIQUE INDEX log_head_idx ON sluice.log (head);
INSERT INTO sluice.log (head, epoch) VALUES (0, '');

-- Its one row is what drains lock. Apart from the log, since a row that is never updated has one version only.
CREATE TABLE sluice.lock (is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only));
INSERT INTO sluice.lock DEFAULT VALUES;

-- Unlogged: empty after a crash, a promotion or a restore of files, just when commits that somebody has read may be
-- undone. An epoch lasts while this row is there, and was written by this very table in this very database.
CREATE UNLOGGED TABLE sluice.boot (
  epoch text NOT NULL,
  place text NOT NULL,
  home oid NOT NULL
);

-- What positions are authenticated with where clients carry them. The same for all nodes of a database.
CREATE TABLE sluice.secret (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  value bytea NOT NULL
);
INSERT INTO sluice.secret (value)
  VALUES (decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));

-- This database among all others, also among copies of it.
CREATE FUNCTION sluice.place() RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT system_identifier || '-' || oid FROM pg_control_system(), pg_database WHERE datname = current_database()
$$;

-- Whether there is something to drain, without a lock: one statement, so all of it is of one moment. Where nothing
-- waits and the epoch stands, every commit that was visible lies at or below the head: whoever took its row from
-- the outbox has committed that together with the head.
CREATE FUNCTION sluice.peek(
  place text,
  OUT epoch text, OUT head bigint, OUT lsn text, OUT is_standing boolean, OUT is_empty boolean
) LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
BEGIN
  SELECT l.epoch, l.head, pg_current_wal_insert_lsn(),
    EXISTS (
      SELECT FROM sluice.boot b
      WHERE b.epoch = l.epoch AND b.place = peek.place AND b.home = b.tableoid
    ),
    NOT EXISTS (SELECT FROM sluice.outbox o WHERE o.xid >= coalesce(pg_snapshot_xmax(l.drained), '0'))
    AND NOT EXISTS (
      SELECT FROM pg_snapshot_xip(l.drained) AS running (xid) JOIN sluice.outbox o ON o.xid = running.xid
    )
  INTO STRICT epoch, head, lsn, is_standing, is_empty
  FROM sluice.log l ORDER BY l.head DESC LIMIT 1;
END
$$;

-- Takes changes from the outbox under the lock, to be committed once they are in the log. In a READ COMMITTED
-- transaction of its own: then each statement in here has its own snapshot, and the one that deletes sees what was
-- committed while the lock was waited for.
--   max_rows     of one pass; what is more is left to another (is_partial)
--   max_backlog  with more rows than this, all of them go at once, unnamed (is_horizon)
-- id is null where there was nothing to take. tags is a JSON array, null with is_horizon.
CREATE FUNCTION sluice.take(
  place text, max_rows integer, max_backlog integer,
  OUT epoch text, OUT id bigint, OUT prev bigint, OUT lsn text, OUT tags text,
  OUT is_horizon boolean, OUT is_partial boolean
) LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
DECLARE
  seen pg_snapshot;
  -- Transactions that were running for the last drain, and the first one that had not begun.
  running xid8[];
  fresh xid8;
  snapshot pg_snapshot;
  is_new boolean;
  row_count integer;
  rest_count integer := 0;
  -- That go at once: some seconds of work, for which the lock is held.
  most_rows CONSTANT integer := 2000000;
BEGIN
  -- Who is frozen while holding the lock must not hold up the others; losing this commit only repeats the drain.
  PERFORM set_config('idle_in_transaction_session_timeout', '1000', true),
    set_config('lock_timeout', '2000', true),
    set_config('synchronous_commit', 'off', true);
  PERFORM FROM sluice.lock FOR UPDATE;

  SELECT l.head, l.epoch, l.drained INTO STRICT prev, epoch, seen FROM sluice.log l ORDER BY l.head DESC LIMIT 1;
  is_new := NOT EXISTS (
    SELECT FROM sluice.boot b WHERE b.epoch = take.epoch AND b.place = take.place AND b.home = b.tableoid
  );
  IF is_new THEN
    epoch := left(replace(gen_random_uuid()::text, '-', ''), 12);
    -- Ids of transactions may have begun anew as well.
    seen := NULL;
    DELETE FROM sluice.boot;
    INSERT INTO sluice.boot VALUES (epoch, place, 'sluice.boot'::regclass);
  END IF;
  running := ARRAY(SELECT pg_snapshot_xip(seen));
  fresh := coalesce(pg_snapshot_xmax(seen), '0');

  WITH taken AS (
    DELETE FROM sluice.outbox o
    WHERE o.ctid = ANY (ARRAY(
      SELECT a.ctid FROM sluice.outbox a WHERE a.xid = ANY (running)
      UNION ALL
      SELECT b.ctid FROM sluice.outbox b WHERE b.xid >= fresh
      LIMIT max_rows
    ))
    RETURNING o.tags
  )
  SELECT (SELECT count(*) FROM taken), (SELECT coalesce(bool_or(t.tags IS NULL), false) FROM taken t),
    (SELECT json_agg(DISTINCT tag) FROM taken t, unnest(t.tags) AS tag),
    pg_current_snapshot(), pg_current_wal_insert_lsn()
  INTO row_count, is_horizon, tags, snapshot, lsn;

  IF row_count >= max_rows THEN
    SELECT count(*) INTO rest_count FROM (
      SELECT FROM sluice.outbox a WHERE a.xid = ANY (running)
      UNION ALL
      SELECT FROM sluice.outbox b WHERE b.xid >= fresh
      LIMIT greatest(max_backlog - max_rows, 0) + 1
    ) AS rest;
  END IF;
  is_partial := rest_count > 0;
  IF row_count + rest_count > max_backlog THEN
    WITH taken AS (
      DELETE FROM sluice.outbox o
      WHERE o.ctid = ANY (ARRAY(
        SELECT a.ctid FROM sluice.outbox a WHERE a.xid = ANY (running)
        UNION ALL
        SELECT b.ctid FROM sluice.outbox b WHERE b.xid >= fresh
        LIMIT most_rows
      ))
      RETURNING 1
    )
    SELECT count(*), pg_current_snapshot(), pg_current_wal_insert_lsn()
    INTO row_count, snapshot, lsn FROM taken;
    is_horizon := true;
    is_partial := row_count >= most_rows;
  END IF;
  IF is_horizon THEN tags := NULL; END IF;

  IF row_count > 0 OR is_new THEN
    id := nextval('sluice.position');
    UPDATE sluice.log l
    SET head = take.id, epoch = take.epoch, drained = CASE WHEN is_partial THEN seen ELSE snapshot END
    WHERE l.head = take.prev;
  END IF;
END
$$;
