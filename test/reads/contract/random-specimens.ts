/**
 * SQL for forty more specimens, the same at every run: values of every type spread over its range, a fifth of
 * them NULL, many equal or a microsecond apart.
 */
export const RANDOM_SPECIMENS: readonly string[] = [
  'SELECT setseed(0.42)',
  `CREATE FUNCTION pg_temp.maybe(value anyelement) RETURNS anyelement VOLATILE LANGUAGE sql
     AS 'SELECT CASE WHEN random() < 0.2 THEN NULL ELSE value END'`,
  `CREATE FUNCTION pg_temp.moment() RETURNS timestamp VOLATILE LANGUAGE sql
     AS $$ SELECT timestamp '2026-01-31 12:00:00.123456'
       + floor(random() * 5 - 2) * interval '1 microsecond' + floor(random() * 3 - 1) * interval '1 millisecond'
       + floor(random() * 3 - 1) * interval '400 days' $$`,
  `INSERT INTO records.specimens
   (id, label, code, nick, token, flag, small, whole, big, ratio, single, price, wide, loose, seen_at, seen_exact,
    seen_zoned, day, clock, clock_zoned, payload, raw_payload, blob, mood, texts, wholes, prices, seen_ats, moods)
   SELECT n, 'random ' || n % 7,
     pg_temp.maybe(substr(md5(random()::text), 1, (random() * 4)::int)::char(4)),
     pg_temp.maybe((ARRAY['a','A','b','Ä','ß'])[1 + n % 5]::citext),
     pg_temp.maybe(md5((n % 9)::text)::uuid),
     pg_temp.maybe(random() < 0.5),
     pg_temp.maybe((random() * 65535 - 32768)::int2),
     pg_temp.maybe((random() * 6 - 3)::int4),
     pg_temp.maybe(9007199254740992 + (random() * 6 - 3)::int8),
     pg_temp.maybe((random() - 0.5) * 10 ^ (random() * 280 - 140)::int),
     pg_temp.maybe((random() * 10)::real),
     pg_temp.maybe((random() * 20 - 10)::numeric(10, 2)),
     pg_temp.maybe(((random() - 0.5) * 10 ^ (random() * 20)::int)::numeric(65, 30)),
     pg_temp.maybe(round((random() * 100)::numeric, (random() * 6)::int)),
     pg_temp.maybe(pg_temp.moment()),
     pg_temp.maybe(pg_temp.moment()),
     pg_temp.maybe(pg_temp.moment() AT TIME ZONE 'UTC'),
     pg_temp.maybe(pg_temp.moment()::date),
     pg_temp.maybe(pg_temp.moment()::time),
     pg_temp.maybe((pg_temp.moment()::time::text || (ARRAY['+00','-08','+05:30'])[1 + n % 3])::timetz),
     pg_temp.maybe((ARRAY['null','1','1.0','"a"','[1]','{"a":1}','{"a":null}'])[1 + n % 7]::jsonb),
     pg_temp.maybe((ARRAY['null','1','1.0','"a"','[1]','{"a":1}','{"a":null}'])[1 + n % 7]::json),
     pg_temp.maybe(decode(md5((n % 8)::text), 'hex')),
     pg_temp.maybe((enum_range(NULL::zoo.mood_type))[1 + n % 3]),
     pg_temp.maybe(ARRAY[chr(97 + n % 3), 'x']),
     pg_temp.maybe(ARRAY[n % 3, n % 2]),
     pg_temp.maybe(ARRAY[(random() * 3)::numeric(10, 2)]),
     pg_temp.maybe(ARRAY[pg_temp.moment() AT TIME ZONE 'UTC']),
     pg_temp.maybe((enum_range(NULL::zoo.mood_type))[1:n % 4])
   FROM generate_series(1001, 1040) AS n`,
];
