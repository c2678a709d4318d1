-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE TABLE sessions (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    device_info VARCHAR(255) NOT NULL,
    ip_address VARCHAR(45) NOT NULL,
    user_agent TEXT,
    last_activity TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    expires_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    created_at TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    CONSTRAINT pk_sessions PRIMARY KEY (id),
    CONSTRAINT fk_sessions_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

COMMENT ON TABLE sessions IS 'Signed-in browsers and devices, until they expire.';
COMMENT ON COLUMN sessions.id IS 'Surrogate key.';
COMMENT ON COLUMN sessions.user_id IS 'Who is signed in.';
COMMENT ON COLUMN sessions.device_info IS 'Device as it named itself. [personal]';
COMMENT ON COLUMN sessions.ip_address
    IS 'Address the session came from, IPv4 or IPv6 as text. [personal]';
COMMENT ON COLUMN sessions.user_agent IS 'The client''s own description. [personal]';
COMMENT ON COLUMN sessions.last_activity IS 'Last request of the session, UTC. [personal]';
COMMENT ON COLUMN sessions.expires_at IS 'When the session ends by itself, UTC.';
COMMENT ON COLUMN sessions.created_at IS 'When the row was written, UTC.';
