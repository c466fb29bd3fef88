-- The database of schema.prisma: what Prisma would create, and beside it what Prisma cannot say (views,
-- generated columns, a collation, checks, indexes of other kinds). Run in an empty database.

CREATE EXTENSION citext;
CREATE SCHEMA zoo;
CREATE SCHEMA records;

CREATE TYPE zoo."TaxonRank" AS ENUM ('CLASS', 'FAMILY', 'SPECIES');
CREATE TYPE zoo.mood_type AS ENUM ('calm', 'playful', 'in a huff');
CREATE TYPE records.event_kind AS ENUM ('BIRTH', 'ILLNESS', 'TRANSFER');

CREATE TABLE zoo.taxa (
  id serial CONSTRAINT taxa_pkey PRIMARY KEY,
  name text NOT NULL,
  latin_name text,
  rank zoo."TaxonRank" NOT NULL,
  parent_id integer CONSTRAINT taxa_parent_id_fkey REFERENCES zoo.taxa (id) ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX taxa_name_key ON zoo.taxa (name);
CREATE INDEX taxa_parent_id_idx ON zoo.taxa (parent_id);

CREATE TABLE zoo.enclosures (
  zone varchar(20) NOT NULL,
  number smallint NOT NULL,
  title text NOT NULL,
  length_m double precision NOT NULL,
  width_m double precision NOT NULL,
  area_m2 double precision GENERATED ALWAYS AS (length_m * width_m) STORED,
  CONSTRAINT enclosures_pkey PRIMARY KEY (zone, number)
);

CREATE TABLE zoo.keepers (
  id serial CONSTRAINT keepers_pkey PRIMARY KEY,
  badge varchar(12) NOT NULL,
  name text NOT NULL,
  email citext
);
CREATE UNIQUE INDEX keepers_badge_key ON zoo.keepers (badge);
CREATE UNIQUE INDEX keepers_email_key ON zoo.keepers (email);
CREATE INDEX keepers_lower_name_idx ON zoo.keepers (lower(name), id);

CREATE TABLE zoo.shifts (
  id uuid NOT NULL DEFAULT gen_random_uuid() CONSTRAINT shifts_pkey PRIMARY KEY,
  badge varchar(12) NOT NULL
    CONSTRAINT shifts_badge_fkey REFERENCES zoo.keepers (badge) ON DELETE RESTRICT ON UPDATE CASCADE,
  day date NOT NULL,
  starts_at timestamptz(6) NOT NULL,
  opens time(6) NOT NULL,
  closes timetz(6) NOT NULL,
  saved_at timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX shifts_badge_starts_at_idx ON zoo.shifts (badge, starts_at DESC);

CREATE TABLE zoo.animals (
  id bigserial CONSTRAINT animals_pkey PRIMARY KEY,
  name text NOT NULL,
  mood zoo.mood_type,
  moods zoo.mood_type[],
  weight_kg decimal(8, 2),
  born_at timestamptz(6),
  is_on_show boolean NOT NULL DEFAULT true,
  taxon_id integer NOT NULL
    CONSTRAINT animals_taxon_id_fkey REFERENCES zoo.taxa (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  enclosure_zone varchar(20),
  enclosure_number smallint,
  carer_id integer NOT NULL
    CONSTRAINT animals_carer_id_fkey REFERENCES zoo.keepers (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  vet_id integer
    CONSTRAINT animals_vet_id_fkey REFERENCES zoo.keepers (id) ON DELETE SET NULL ON UPDATE CASCADE,
  search tsvector GENERATED ALWAYS AS (to_tsvector('simple', name)) STORED,
  CONSTRAINT animals_enclosure_zone_enclosure_number_fkey FOREIGN KEY (enclosure_zone, enclosure_number)
    REFERENCES zoo.enclosures (zone, number) ON DELETE SET NULL ON UPDATE CASCADE
);
CREATE UNIQUE INDEX animals_taxon_id_name_key ON zoo.animals (taxon_id, name);
CREATE INDEX animals_enclosure_zone_enclosure_number_name_idx
  ON zoo.animals (enclosure_zone, enclosure_number, name);
CREATE INDEX animals_carer_id_born_at_id_idx ON zoo.animals (carer_id, born_at, id);
CREATE INDEX animals_on_show_idx ON zoo.animals (name, id) WHERE is_on_show;
CREATE INDEX animals_search_idx ON zoo.animals USING gin (search);

CREATE TABLE zoo.foods (
  name text COLLATE "en-x-icu" NOT NULL CONSTRAINT foods_pkey PRIMARY KEY,
  kcal integer
);

CREATE TABLE zoo.feedings (
  animal_id bigint NOT NULL
    CONSTRAINT feedings_animal_id_fkey REFERENCES zoo.animals (id) ON DELETE CASCADE ON UPDATE CASCADE,
  food_name text COLLATE "en-x-icu" NOT NULL
    CONSTRAINT feedings_food_name_fkey REFERENCES zoo.foods (name) ON DELETE CASCADE ON UPDATE CASCADE,
  grams integer NOT NULL CHECK (grams > 0),
  since timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT feedings_pkey PRIMARY KEY (animal_id, food_name)
);
CREATE INDEX feedings_food_name_idx ON zoo.feedings (food_name);
CREATE INDEX feedings_food_name_grams_idx
  ON zoo.feedings (food_name, grams DESC NULLS LAST, animal_id) INCLUDE (since);

CREATE TABLE zoo."_Friendship" (
  "A" bigint NOT NULL
    CONSTRAINT "_Friendship_A_fkey" REFERENCES zoo.animals (id) ON DELETE CASCADE ON UPDATE CASCADE,
  "B" bigint NOT NULL
    CONSTRAINT "_Friendship_B_fkey" REFERENCES zoo.animals (id) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT "_Friendship_AB_pkey" PRIMARY KEY ("A", "B")
);
CREATE INDEX "_Friendship_B_index" ON zoo."_Friendship" ("B");

CREATE TABLE zoo."_AnimalToFood" (
  "A" bigint NOT NULL
    CONSTRAINT "_AnimalToFood_A_fkey" REFERENCES zoo.animals (id) ON DELETE CASCADE ON UPDATE CASCADE,
  "B" text COLLATE "en-x-icu" NOT NULL
    CONSTRAINT "_AnimalToFood_B_fkey" REFERENCES zoo.foods (name) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT "_AnimalToFood_AB_pkey" PRIMARY KEY ("A", "B")
);
CREATE INDEX "_AnimalToFood_B_index" ON zoo."_AnimalToFood" ("B");

CREATE TABLE records.passports (
  number text NOT NULL CONSTRAINT passports_pkey PRIMARY KEY,
  animal_id bigint NOT NULL
    CONSTRAINT passports_animal_id_fkey REFERENCES zoo.animals (id) ON DELETE CASCADE ON UPDATE CASCADE,
  country char(2) NOT NULL
);
CREATE UNIQUE INDEX passports_animal_id_key ON records.passports (animal_id);

CREATE TABLE records.events (
  id bigserial CONSTRAINT events_pkey PRIMARY KEY,
  kind records.event_kind NOT NULL,
  at timestamp(6) NOT NULL,
  animal_id bigint NOT NULL
    CONSTRAINT events_animal_id_fkey REFERENCES zoo.animals (id) ON DELETE CASCADE ON UPDATE CASCADE,
  grams integer,
  diagnosis text,
  from_place text,
  to_place text,
  CHECK ((kind = 'BIRTH') = (grams IS NOT NULL)),
  CHECK ((kind = 'ILLNESS') = (diagnosis IS NOT NULL)),
  CHECK ((kind = 'TRANSFER') = (to_place IS NOT NULL))
);
CREATE INDEX events_animal_id_at_id_idx ON records.events (animal_id, at DESC, id);
CREATE UNIQUE INDEX events_one_birth_idx ON records.events (animal_id) WHERE kind = 'BIRTH';
CREATE INDEX events_at_idx ON records.events USING brin (at);

CREATE TABLE records.notes (
  id uuid NOT NULL DEFAULT gen_random_uuid() CONSTRAINT notes_pkey PRIMARY KEY,
  text text NOT NULL,
  written_at timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  animal_id bigint
    CONSTRAINT notes_animal_id_fkey REFERENCES zoo.animals (id) ON DELETE CASCADE ON UPDATE CASCADE,
  keeper_id integer
    CONSTRAINT notes_keeper_id_fkey REFERENCES zoo.keepers (id) ON DELETE CASCADE ON UPDATE CASCADE,
  enclosure_zone varchar(20),
  enclosure_number smallint,
  CONSTRAINT notes_enclosure_zone_enclosure_number_fkey FOREIGN KEY (enclosure_zone, enclosure_number)
    REFERENCES zoo.enclosures (zone, number) ON DELETE CASCADE ON UPDATE CASCADE,
  CHECK (num_nonnulls(animal_id, keeper_id, enclosure_zone) = 1),
  CHECK ((enclosure_zone IS NULL) = (enclosure_number IS NULL))
);

CREATE TABLE records.specimens (
  id integer NOT NULL CONSTRAINT specimens_pkey PRIMARY KEY,
  label text NOT NULL,
  code char(4),
  nick citext,
  token uuid,
  flag boolean,
  small smallint,
  whole integer,
  big bigint,
  ratio double precision,
  single real,
  price decimal(10, 2),
  wide decimal(65, 30),
  loose decimal,
  seen_at timestamp(3),
  seen_exact timestamp(6),
  seen_zoned timestamptz(6),
  day date,
  clock time(6),
  clock_zoned timetz(6),
  payload jsonb,
  raw_payload json,
  blob bytea,
  mood zoo.mood_type,
  texts text[],
  tokens uuid[],
  flags boolean[],
  wholes integer[],
  bigs bigint[],
  ratios double precision[],
  prices decimal(10, 2)[],
  seen_ats timestamptz(6)[],
  days date[],
  payloads jsonb[],
  blobs bytea[],
  moods zoo.mood_type[]
);

CREATE VIEW zoo.enclosure_loads AS
SELECT e.zone, e.number, count(a.id) AS residents, max(a.weight_kg) AS heaviest
FROM zoo.enclosures e
LEFT JOIN zoo.animals a ON a.enclosure_zone = e.zone AND a.enclosure_number = e.number
GROUP BY e.zone, e.number;

CREATE VIEW records.taxon_census AS
SELECT t.name AS taxon_name, a.mood, count(*) AS animals
FROM zoo.animals a
JOIN zoo.taxa t ON t.id = a.taxon_id
GROUP BY t.name, a.mood;
