-- Batches of counts that have been added to their rows: none is added twice, whoever tries again.

CREATE TABLE sluice.counter_batches (
  id uuid NOT NULL,
  part integer NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (id, part)
);
CREATE INDEX counter_batches_applied_at_idx ON sluice.counter_batches USING brin (applied_at);
