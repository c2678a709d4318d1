-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE TABLE api_clients (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    name VARCHAR(100) NOT NULL,
    api_key VARCHAR(100) NOT NULL,
    secret_hash VARCHAR(255) NOT NULL,
    permissions JSONB,
    is_active BOOLEAN DEFAULT true NOT NULL,
    created_at TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    updated_at TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    CONSTRAINT pk_api_clients PRIMARY KEY (id),
    CONSTRAINT uq_apiclient_apikey UNIQUE (api_key),
    CONSTRAINT fk_api_clients_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

COMMENT ON TABLE api_clients IS 'Credentials of developers for the public API.';
COMMENT ON COLUMN api_clients.id IS 'Surrogate key.';
COMMENT ON COLUMN api_clients.user_id IS 'Who answers for the client''s calls.';
COMMENT ON COLUMN api_clients.name IS 'What the developer calls the client.';
COMMENT ON COLUMN api_clients.api_key IS 'Public half of the credentials. [sensitive]';
COMMENT ON COLUMN api_clients.secret_hash IS 'Secret half, hashed by the application. [sensitive]';
COMMENT ON COLUMN api_clients.permissions
    IS 'What the client may do; NULL means what the plan allows.';
COMMENT ON COLUMN api_clients.is_active IS 'Whether calls with these credentials are answered.';
COMMENT ON COLUMN api_clients.created_at IS 'When the row was written, UTC.';
COMMENT ON COLUMN api_clients.updated_at
    IS 'When the row last changed, UTC; a trigger sets it, whatever the client sends.';
