-- What customers sign in by. The check keeps out whatever isn't a hash, above all a password itself.

ALTER TABLE users ADD COLUMN password_hash TEXT,
    ADD CONSTRAINT users_password_hash_form
        CHECK (password_hash ~ '^scrypt\$[0-9]+\$[0-9]+\$[0-9]+\$[A-Za-z0-9_-]+\$[A-Za-z0-9_-]+$');
