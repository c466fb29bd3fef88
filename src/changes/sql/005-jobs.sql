-- What jobs have come to: results with what they depend on, how far long ones are, and what rollups have yet to do.

CREATE TABLE sluice.job_results (
  id text PRIMARY KEY,
  name text NOT NULL,
  queue text NOT NULL,
  viewer text,
  format text NOT NULL,
  value bytea NOT NULL,
  epoch text NOT NULL,
  position bigint NOT NULL,
  tag_hashes bytea NOT NULL,
  model_hashes bytea NOT NULL,
  computed_at timestamptz NOT NULL,
  run_ms integer NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX job_results_expires_at_idx ON sluice.job_results (expires_at);

CREATE TABLE sluice.job_checkpoints (
  job_id text NOT NULL,
  step text NOT NULL,
  version integer NOT NULL,
  state text NOT NULL,
  is_done boolean NOT NULL,
  epoch text NOT NULL,
  position bigint NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (job_id, step)
);
CREATE INDEX job_checkpoints_updated_at_idx ON sluice.job_checkpoints (updated_at);

CREATE TABLE sluice.rollup_marks (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  rollup text NOT NULL,
  slice jsonb NOT NULL
);
CREATE INDEX rollup_marks_rollup_idx ON sluice.rollup_marks (rollup, id);
