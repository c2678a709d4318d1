-- The first administrator, for psql:
--
--     export CREATIVEFLOW_ADMIN_PASSWORD_HASH='…'      the hash the application would store
--     export CREATIVEFLOW_ADMIN_EMAIL='…'              admin@creativeflow.example if left out
--     psql -X -f migrations/creativeflow/seeds/01_Initial_Admin_User.sql "$DATABASE_URL"
--
-- There is no default password: without its hash, or with something that is not a hash, nothing is
-- written and psql ends with status 3. Run again it changes nothing, a password or address changed
-- in the meantime included; the fixed id is what tells that the account is there.

\set ON_ERROR_STOP on
\getenv password_hash CREATIVEFLOW_ADMIN_PASSWORD_HASH
\getenv email CREATIVEFLOW_ADMIN_EMAIL
\if :{?password_hash}
\else
    \set password_hash ''
\endif
\if :{?email}
\else
    \set email admin@creativeflow.example
\endif

BEGIN;

-- A DO block sees no psql variable; settings of this transaction it does.
SELECT set_config('creativeflow.password_hash', :'password_hash', true),
       set_config('creativeflow.email', :'email', true) \g /dev/null

DO $$
BEGIN
    IF current_setting('creativeflow.password_hash') = '' THEN
        RAISE EXCEPTION 'CREATIVEFLOW_ADMIN_PASSWORD_HASH is not set'
            USING HINT = 'Hash a password that nobody else knows as the application does, and'
                         ' export the hash. There is no default.';
    END IF;
    -- Modular crypt format: $argon2id$…, $2b$…, $scrypt$…; a password in clear text has none.
    IF current_setting('creativeflow.password_hash') !~ '^\$[a-z0-9-]+\$[^[:space:]]{20,}$' THEN
        RAISE EXCEPTION 'CREATIVEFLOW_ADMIN_PASSWORD_HASH is not a password hash'
            USING HINT = 'Expected is the modular crypt format, such as $argon2id$v=19$….';
    END IF;
    IF current_setting('creativeflow.email') !~ '^[^@[:space:]]+@[^@[:space:]]+$' THEN
        RAISE EXCEPTION 'CREATIVEFLOW_ADMIN_EMAIL is not an address'
            USING HINT = 'Export the address that the administrator signs in with.';
    END IF;
END
$$;

INSERT INTO users (id, email, password_hash, is_email_verified, full_name, username,
                   subscription_tier)
VALUES ('5eed0000-0000-4000-8000-000000000001',
        current_setting('creativeflow.email'),
        current_setting('creativeflow.password_hash'),
        true, 'Administrator', 'admin', 'Enterprise')
ON CONFLICT (id) DO NOTHING;

COMMIT;
