-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE TABLE social_media_connections (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    platform VARCHAR(20) NOT NULL,
    external_user_id VARCHAR(100) NOT NULL,
    access_token TEXT NOT NULL,
    refresh_token TEXT,
    expires_at TIMESTAMP WITHOUT TIME ZONE,
    created_at TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    updated_at TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    CONSTRAINT pk_social_media_connections PRIMARY KEY (id),
    CONSTRAINT uq_social_media_connections_user_id_platform UNIQUE (user_id, platform),
    CONSTRAINT fk_social_media_connections_user_id
        FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT ck_social_media_connections_platform
        CHECK (platform IN ('Instagram', 'Facebook', 'LinkedIn', 'Twitter', 'Pinterest', 'TikTok'))
);

COMMENT ON TABLE social_media_connections
    IS 'Social network accounts of users, at most one per network.';
COMMENT ON COLUMN social_media_connections.id IS 'Surrogate key.';
COMMENT ON COLUMN social_media_connections.user_id IS 'Whose account it is.';
COMMENT ON COLUMN social_media_connections.platform IS 'The network.';
COMMENT ON COLUMN social_media_connections.external_user_id
    IS 'The user''s name on the network. [personal]';
COMMENT ON COLUMN social_media_connections.access_token
    IS 'OAuth access token, encrypted by the application. [sensitive]';
COMMENT ON COLUMN social_media_connections.refresh_token
    IS 'OAuth refresh token, encrypted by the application. [sensitive]';
COMMENT ON COLUMN social_media_connections.expires_at
    IS 'Until when the access token is good, UTC.';
COMMENT ON COLUMN social_media_connections.created_at IS 'When the row was written, UTC.';
COMMENT ON COLUMN social_media_connections.updated_at
    IS 'When the row last changed, UTC; a trigger sets it, whatever the client sends.';
