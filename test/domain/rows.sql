-- Few rows, each there for a reason: nulls, ties, microseconds, numbers beyond 2^53, odd texts.

INSERT INTO zoo.taxa (id, name, latin_name, rank, parent_id) VALUES
  (1, 'Mammals', 'Mammalia', 'CLASS', NULL),
  (2, 'Birds', 'Aves', 'CLASS', NULL),
  (3, 'Cats', 'Felidae', 'FAMILY', 1),
  (4, 'Bears', 'Ursidae', 'FAMILY', 1),
  (5, 'Lion', 'Panthera leo', 'SPECIES', 3),
  (6, 'Tiger', 'Panthera tigris', 'SPECIES', 3),
  (7, 'Polar bear', 'Ursus maritimus', 'SPECIES', 4),
  (8, 'Penguins', 'Spheniscidae', 'FAMILY', 2),
  (9, 'Gentoo', NULL, 'SPECIES', 8),
  (10, 'Unknown', NULL, 'SPECIES', NULL);

-- North 3 stands empty. Numbers repeat between zones: half a composite key finds the wrong row.
INSERT INTO zoo.enclosures (zone, number, title, length_m, width_m) VALUES
  ('North', 1, 'Savanna', 40, 25.5),
  ('North', 2, 'Ice floe', 20, 10),
  ('North', 3, 'Under construction', 0, 0),
  ('South', 1, 'Aviary "Åsa"', 12.5, 8),
  ('South', 2, 'Night house', 5, 5);

INSERT INTO zoo.keepers (id, badge, name, email) VALUES
  (1, 'K-001', 'Ada', 'Ada@Zoo.example'),
  (2, 'K-002', 'Bob', NULL),
  (3, 'K_003', 'O''Hara', 'ohara@zoo.example'),
  (4, 'K%004', 'Ève 100%', NULL),
  (5, 'K-005', 'Zoë', 'zoe@zoo.example');

INSERT INTO zoo.shifts (id, badge, day, starts_at, opens, closes, saved_at) VALUES
  ('00000000-0000-4000-8000-000000000001', 'K-001', '2026-01-31', '2026-01-31 06:00:00.000001+00',
    '06:00:00', '14:00:00+00', '2026-01-31 06:00:00.123'),
  ('00000000-0000-4000-8000-000000000002', 'K-001', '2026-01-31', '2026-01-31 06:00:00.000002+00',
    '06:00:00.5', '14:00:00.123456+00', '2026-01-31 06:00:00.123'),
  ('00000000-0000-4000-8000-000000000003', 'K-001', '2026-02-28', '2026-02-28 23:30:00+00',
    '23:59:59.999999', '01:30:00+02', '2026-02-28 23:30:00'),
  ('00000000-0000-4000-8000-000000000004', 'K-002', '2024-02-29', '2024-02-29 00:00:00+13',
    '00:00:00', '00:00:00-08', '2024-02-28 11:00:00.001'),
  ('ffffffff-ffff-4fff-bfff-ffffffffffff', 'K_003', '1969-12-31', '1969-12-31 23:59:59.999999+00',
    '12:00:00', '12:00:00+05:30', '1969-12-31 23:59:59.999');

-- 2^53 and 2^53+1 are one number in JavaScript. Leo and Leonie tie in birth to the millisecond.
INSERT INTO zoo.animals
  (id, name, mood, moods, weight_kg, born_at, is_on_show, taxon_id, enclosure_zone, enclosure_number, carer_id, vet_id)
VALUES
  (1, 'Leo', 'calm', '{calm,playful}', 190.00, '2019-05-01 10:00:00.123456+00', true, 5, 'North', 1, 1, 3),
  (2, 'Leonie', 'in a huff', '{}', 130.50, '2019-05-01 10:00:00.123457+00', true, 5, 'North', 1, 1, 3),
  (3, 'Shere', 'playful', '{"in a huff"}', 210.10, '2020-02-29 00:00:00+00', true, 6, 'North', 1, 2, NULL),
  (4, 'Rajah', NULL, '{calm,calm}', 210.10, NULL, false, 6, 'South', 2, 2, 1),
  (5, 'Ísbjörn', 'calm', NULL, 450.00, '2015-12-31 23:59:59.999999+00', true, 7, 'North', 2, 1, 1),
  (6, 'Pingu', 'playful', '{playful}', 5.50, '2022-11-11 11:11:11+00', true, 9, 'South', 1, 3, 5),
  (7, 'Pinga', 'playful', '{playful}', 5.50, '2022-11-11 11:11:11+00', true, 9, 'South', 1, 3, 5),
  (8, 'pingu', NULL, '{}', NULL, '2022-11-11 11:11:11+00', false, 9, 'South', 1, 3, NULL),
  (9, '100% cat', NULL, '{}', 'NaN', NULL, true, 10, NULL, NULL, 4, NULL),
  (10, 'snake_case', 'calm', '{}', 0.00, NULL, true, 10, NULL, NULL, 4, NULL),
  (11, 'back\slash "quoted" ''x''', 'calm', '{}', -0.01, '1969-12-31 23:59:59.999999+00', true, 10, NULL, NULL, 4, 4),
  (12, '', 'calm', '{}', 1.10, NULL, true, 10, NULL, NULL, 2, NULL),
  (9007199254740992, 'Even', NULL, '{}', 1.00, NULL, true, 10, 'North', 2, 2, NULL),
  (9007199254740993, 'Odd', NULL, '{}', 1.00, NULL, true, 10, 'North', 2, 2, NULL),
  (9223372036854775807, 'Last', NULL, '{}', 999999.99, NULL, false, 10, NULL, NULL, 2, NULL);

-- In the collation: 100% bran, Äpfel, apple, Banana, cherry, fish, meat. By bytes Banana comes before apple,
-- and Äpfel last.
INSERT INTO zoo.foods (name, kcal) VALUES
  ('apple', 52),
  ('Banana', 89),
  ('cherry', NULL),
  ('Äpfel', 52),
  ('fish 🐟', 120),
  ('100% bran', NULL),
  ('meat', 250);

INSERT INTO zoo.feedings (animal_id, food_name, grams, since) VALUES
  (1, 'meat', 7000, '2026-01-01 08:00:00'),
  (2, 'meat', 5000, '2026-01-01 08:00:00'),
  (3, 'meat', 7000, '2026-01-02 08:00:00.5'),
  (5, 'fish 🐟', 9000, '2026-01-01 08:00:00'),
  (6, 'fish 🐟', 400, '2026-01-01 08:00:00'),
  (7, 'fish 🐟', 400, '2026-01-01 08:00:00'),
  (6, 'apple', 20, '2026-01-03 08:00:00.001'),
  (9007199254740992, 'apple', 1, '2026-01-01 08:00:00'),
  (9007199254740993, 'Banana', 1, '2026-01-01 08:00:00');

-- What they like, which is not what they get. Nobody likes bran.
INSERT INTO zoo."_AnimalToFood" ("A", "B") VALUES
  (1, 'meat'), (2, 'meat'), (2, 'fish 🐟'), (3, 'meat'), (5, 'fish 🐟'), (5, 'apple'), (5, 'Banana'), (5, 'cherry'),
  (5, 'Äpfel'), (6, 'fish 🐟'), (9007199254740993, 'apple');

-- Of the two fields friendOf comes first by name, so it reads from A to B, and friends from B to A:
-- Leo's friends are Leonie alone, and he is a friend of Leonie and Shere.
INSERT INTO zoo."_Friendship" ("A", "B") VALUES
  (1, 2), (1, 3), (2, 1), (6, 7), (6, 6), (9007199254740992, 9007199254740993);

INSERT INTO records.passports (number, animal_id, country) VALUES
  ('P-1', 1, 'KE'), ('P-2', 2, 'KE'), ('P-5', 5, 'GL'), ('P-6', 6, 'A'), ('P-ODD', 9007199254740993, 'ZZ');

INSERT INTO records.events (id, kind, at, animal_id, grams, diagnosis, from_place, to_place) VALUES
  (1, 'BIRTH', '2019-05-01 10:00:00.123456', 1, 1500, NULL, NULL, NULL),
  (2, 'BIRTH', '2019-05-01 10:00:00.123457', 2, 1400, NULL, NULL, NULL),
  (3, 'ILLNESS', '2021-03-04 05:06:07.000001', 1, NULL, 'A cold', NULL, NULL),
  (4, 'ILLNESS', '2021-03-04 05:06:07.000001', 1, NULL, 'A cough, 50%', NULL, NULL),
  (5, 'TRANSFER', '2021-03-04 05:06:07.000002', 1, NULL, NULL, NULL, 'North 1'),
  (6, 'TRANSFER', '2022-01-01 00:00:00', 5, NULL, NULL, 'Nuuk', 'North 2'),
  (9007199254740993, 'ILLNESS', '2023-01-01 00:00:00', 9007199254740993, NULL, 'Imprecision', NULL, NULL);

INSERT INTO records.notes (id, text, written_at, animal_id, keeper_id, enclosure_zone, enclosure_number) VALUES
  ('10000000-0000-4000-8000-000000000001', 'Eats well', '2026-01-01 09:00:00.001', 1, NULL, NULL, NULL),
  ('10000000-0000-4000-8000-000000000002', 'Eats well', '2026-01-01 09:00:00.001', 2, NULL, NULL, NULL),
  ('10000000-0000-4000-8000-000000000003', 'On leave', '2026-01-01 09:00:00.002', NULL, 1, NULL, NULL),
  ('10000000-0000-4000-8000-000000000004', 'Fence broken', '2026-01-02 09:00:00', NULL, NULL, 'North', 1),
  ('10000000-0000-4000-8000-000000000005', E'Two\nlines', '2026-01-02 09:00:00', NULL, NULL, 'South', 1);

INSERT INTO records.specimens
  (id, label, code, nick, token, flag, small, whole, big, ratio, single, price, wide, loose,
   seen_at, seen_exact, seen_zoned, day, clock, clock_zoned, payload, raw_payload, blob, mood,
   texts, tokens, flags, wholes, bigs, ratios, prices, seen_ats, days, payloads, blobs, moods)
VALUES
  (1, 'ordinary', 'AB12', 'Nick', '0b0e1c9e-5a0f-4c1e-9d3b-0123456789ab', true, 7, 42, 42, 1.5, 0.1, 10.00, 10, 10.50,
   '2026-01-31 12:00:00.123', '2026-01-31 12:00:00.123456', '2026-01-31 12:00:00.123456+00', '2026-01-31', '12:00:00', '12:00:00+00',
   '{"a": [1, 2, {"b": null}], "c": "text"}', '{"z": 1,  "a": 2}', '\x00ff10', 'calm',
   '{a,b}', '{0b0e1c9e-5a0f-4c1e-9d3b-0123456789ab}', '{t,f}', '{1,2,2}', '{9007199254740993}', '{1.5,-0.25}', '{10.00,0.10}',
   '{2026-01-31 12:00:00.000001+00}', '{2026-01-31,2024-02-29}', '{"{\"k\": 1}","[]"}', '{"\\x01","\\x"}', '{calm,"in a huff"}'),
  (2, 'nothing', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
   NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
   '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}'),
  -- A list that is NULL, as rows older than its column have: Prisma reads it as an empty list.
  (3, 'null lists', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
   NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
   NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (4, 'highest', '    ', '', 'ffffffff-ffff-ffff-ffff-ffffffffffff', false, 32767, 2147483647, 9223372036854775807, 'Infinity', 'Infinity',
   99999999.99, 99999999999999999999999999999999999.999999999999999999999999999999, 'Infinity',
   '9999-12-31 23:59:59.999', '9999-12-31 23:59:59.999999', '9999-12-31 23:59:59.999999+00', '9999-12-31', '23:59:59.999999', '23:59:59.999999-12',
   'null', 'null', '\x', 'in a huff',
   '{"",NULL_,"a,b","c\"d","e\\f","{}"}', '{}', '{}', '{2147483647,-2147483648}', '{9223372036854775807,-9223372036854775808}', '{Infinity,-Infinity,NaN}', '{NaN,99999999.99}',
   '{9999-12-31 23:59:59.999999+00}', '{9999-12-31}', '{"null","\"text\"","1.50"}', '{}', '{}'),
  (5, 'lowest', 'a', 'NICK', '00000000-0000-0000-0000-000000000000', false, -32768, -2147483648, -9223372036854775808, '-Infinity', '-Infinity',
   -99999999.99, -0.000000000000000000000000000001, '-Infinity',
   '1000-01-01 00:00:00', '1969-12-31 23:59:59.999999', '1969-12-31 23:59:59.999999+00', '1969-12-31', '00:00:00', '00:00:00.000001+12',
   '[]', '[]', '\xdeadbeef', 'playful',
   '{x}', '{}', '{f}', '{0}', '{0}', '{-0}', '{0.00}', '{}', '{}', '{}', '{}', '{playful}'),
  (6, 'not a number', NULL, 'ÑANDÚ', NULL, NULL, 0, 0, 0, 'NaN', 'NaN', 'NaN', 'NaN', 'NaN',
   NULL, NULL, NULL, NULL, NULL, NULL, '0', '0', NULL, NULL,
   '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}'),
  -- Negative zero, a float of seventeen digits, numbers that print with many zeros, and a JSON number beyond 2^53.
  (7, 'digits', NULL, NULL, NULL, NULL, NULL, NULL, 9007199254740993, '-0', 16777216, 0.00, 1.1, 123456789012345678901234567890.123456789,
   '2026-03-29 01:30:00.001', '2026-03-29 01:30:00.1', '2026-03-29 01:30:00.1+00', NULL, '01:30:00.1', NULL,
   '{"n": 9007199254740993, "f": 1.10}', '{"n": 1, "n": 2}', NULL, NULL,
   '{}', '{}', '{}', '{}', '{}', '{0.1,0.30000000000000004,5e-324}', '{}', '{}', '{}', '{}', '{}', '{}'),
  (8, '50% of_all \ "quotes" ''x'' ünïcödé 🦓', NULL, '🦓', NULL, NULL, NULL, NULL, NULL, 0.30000000000000004, 1e-10, NULL, NULL, 1e-20,
   '2026-10-25 01:30:00.01', NULL, NULL, NULL, NULL, NULL, '"50%"', '"\u00e9"', NULL, NULL,
   '{"🦓","%","_","\\"}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}');

SELECT setval('zoo.taxa_id_seq', 100), setval('zoo.keepers_id_seq', 100),
  setval('zoo.animals_id_seq', 1000), setval('records.events_id_seq', 1000);

ANALYZE;
