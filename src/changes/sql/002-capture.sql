-- What is captured, and how to see whether it still is.

CREATE TABLE sluice.capture (
  -- A model, or an implicit join table.
  model text PRIMARY KEY,
  relation oid NOT NULL,
  -- What the triggers were written from, and its hash: nodes that expect another one cache nothing of the model.
  spec jsonb NOT NULL,
  hash text NOT NULL,
  -- The triggers and functions as they were found right after they had been made.
  state text NOT NULL,
  -- Since when nobody has touched them.
  generation text,
  installed_at timestamptz NOT NULL DEFAULT now()
);

-- The model's name comes as the trigger's argument.
CREATE FUNCTION sluice.capture_truncate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO sluice.outbox (tags) VALUES (ARRAY[TG_ARGV[0] || '*']);
  RETURN NULL;
END
$$;

-- All that decides what the triggers of a table do. Null: it has none.
CREATE FUNCTION sluice.describe_capture(relation oid) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT md5(string_agg(
    concat_ws(' ', t.tgname, t.tgenabled, t.tgtype, t.tgattr, encode(t.tgargs, 'hex'), t.tgoldtable, t.tgnewtable,
      t.tgqual IS NULL, n.nspname, p.proname, p.prosecdef, p.proconfig, p.prosrc),
    E'\n' ORDER BY t.tgname
  ))
  FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE t.tgrelid = relation AND t.tgname LIKE 'sluice\_%' AND NOT t.tgisinternal
$$;

-- Another one after each statement that touched the triggers of a table or of its partitions, even if all is as before
-- (disabled and enabled again), and after partitions came or went, with rows that no trigger told of.
CREATE FUNCTION sluice.capture_generation(relation oid) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT md5(string_agg(concat_ws(' ', t.tgrelid, t.tgname, t.xmin), E'\n' ORDER BY t.tgrelid, t.tgname))
  FROM pg_trigger t
  WHERE t.tgrelid IN (SELECT relation UNION SELECT relid FROM pg_partition_tree(relation))
    AND t.tgname LIKE 'sluice\_%'
$$;

-- Voids what is known of the models whose triggers or partitions were touched since it was last asked, and names them.
CREATE FUNCTION sluice.void_touched(OUT model text) RETURNS SETOF text
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH touched AS (
    UPDATE sluice.capture c SET generation = sluice.capture_generation(c.relation)
    WHERE c.generation IS DISTINCT FROM sluice.capture_generation(c.relation) RETURNING c.model
  ), told AS (
    INSERT INTO sluice.outbox (tags) SELECT ARRAY[touched.model || '*'] FROM touched
  )
  SELECT touched.model FROM touched
$$;

-- Each captured model with what is wrong with its capture, null where nothing is:
--   moved      the table isn't where it was, or is another one by now
--   missing    a trigger is gone
--   disabled   a trigger doesn't fire always
--   partition  a partition lacks a trigger, or has it disabled
--   changed    a trigger or its function is not the one that was installed
CREATE FUNCTION sluice.capture_state(OUT model text, OUT hash text, OUT fault text) RETURNS SETOF record
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.model, c.hash, CASE
    WHEN to_regclass(format('%I.%I', c.spec #>> '{table,schema}', c.spec #>> '{table,name}'))::oid
      IS DISTINCT FROM c.relation THEN 'moved'
    WHEN own.count < 4 THEN 'missing'
    WHEN own.unfit > 0 THEN 'disabled'
    WHEN EXISTS (
      -- One that was added later has got those for each row from PostgreSQL itself, yet not the one for TRUNCATE.
      SELECT FROM pg_partition_tree(c.relation) p
      WHERE p.relid <> c.relation AND (
        SELECT count(*) FROM pg_trigger t
        WHERE t.tgrelid = p.relid AND t.tgenabled = 'A'
          AND t.tgname IN ('sluice_insert', 'sluice_update', 'sluice_delete', 'sluice_truncate')
      ) < 4
    ) THEN 'partition'
    WHEN sluice.describe_capture(c.relation) IS DISTINCT FROM c.state THEN 'changed'
  END
  FROM sluice.capture c, LATERAL (
    SELECT count(*) AS count, count(*) FILTER (WHERE t.tgenabled <> 'A') AS unfit
    FROM pg_trigger t
    WHERE t.tgrelid = c.relation AND t.tgname LIKE 'sluice\_%' AND NOT t.tgisinternal
  ) own
$$;
