-- Who may ask: keys, tokens that hold no longer, and browser sessions.

CREATE TABLE sluice.api_keys (
  -- What a key begins with. Not secret: it is shown in lists, and keys are found and revoked by it.
  prefix text PRIMARY KEY,
  -- SHA-256 of the key's 256 random bits: too many to be guessed, so nothing slower is needed.
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  name text NOT NULL,
  viewer_id text NOT NULL,
  tier text NOT NULL,
  scopes text[] NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- Null: it doesn't expire.
  expires_at timestamptz,
  -- To the minute.
  last_used_at timestamptz,
  revoked_at timestamptz
);

CREATE TABLE sluice.revoked_tokens (
  jti text PRIMARY KEY,
  revoked_at timestamptz NOT NULL DEFAULT now(),
  -- When the token expires, after which the row is of no use. Null: not known; the row stays.
  expires_at timestamptz
);
CREATE INDEX revoked_tokens_expires_at_idx ON sluice.revoked_tokens (expires_at);

-- Where there is no Redis to keep them.
CREATE TABLE sluice.sessions (
  -- SHA-256 of the session's id: who reads this table can't take over a session.
  id_hash bytea PRIMARY KEY,
  data jsonb NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_expires_at_idx ON sluice.sessions (expires_at);
