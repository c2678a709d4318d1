-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE TABLE assets (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    project_id UUID,
    user_id UUID NOT NULL,
    generation_request_id UUID,
    name VARCHAR(255) NOT NULL,
    type VARCHAR(20) NOT NULL,
    file_path VARCHAR(1024) NOT NULL,
    mime_type VARCHAR(50) NOT NULL,
    format VARCHAR(10) NOT NULL,
    resolution VARCHAR(20),
    is_final BOOLEAN DEFAULT false NOT NULL,
    metadata JSONB,
    created_at TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    updated_at TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    deleted_at TIMESTAMP WITHOUT TIME ZONE,
    CONSTRAINT pk_assets PRIMARY KEY (id),
    CONSTRAINT fk_assets_generation_request_id
        FOREIGN KEY(generation_request_id) REFERENCES generation_requests (id)
        ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT fk_assets_project_id
        FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE,
    CONSTRAINT fk_assets_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT ck_assets_type CHECK (type IN ('Uploaded', 'AIGenerated', 'Derived'))
);

COMMENT ON TABLE assets IS 'Files of creative work; the bytes lie in object storage.';
COMMENT ON COLUMN assets.id IS 'Surrogate key.';
COMMENT ON COLUMN assets.project_id
    IS 'Project the file belongs to; NULL while it is only in the user''s library.';
COMMENT ON COLUMN assets.user_id IS 'Whose file it is.';
COMMENT ON COLUMN assets.generation_request_id IS 'Request that produced the file, if one did.';
COMMENT ON COLUMN assets.name IS 'Name shown to the user.';
COMMENT ON COLUMN assets.type IS 'How the file came about.';
COMMENT ON COLUMN assets.file_path IS 'Key in object storage.';
COMMENT ON COLUMN assets.mime_type IS 'Media type of the file.';
COMMENT ON COLUMN assets.format IS 'Short format name, as users know it.';
COMMENT ON COLUMN assets.resolution IS 'Width and height, where the format has them.';
COMMENT ON COLUMN assets.is_final IS 'Whether the user accepted the file as finished.';
COMMENT ON COLUMN assets.metadata IS 'Technical properties of the file, free form.';
COMMENT ON COLUMN assets.created_at IS 'When the row was written, UTC.';
COMMENT ON COLUMN assets.updated_at
    IS 'When the row last changed, UTC; a trigger sets it, whatever the client sends.';
COMMENT ON COLUMN assets.deleted_at
    IS 'When the row was marked as deleted, UTC; NULL while it is in use.';
