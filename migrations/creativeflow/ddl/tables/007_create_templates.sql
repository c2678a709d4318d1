-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE TABLE templates (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID,
    name VARCHAR(100) NOT NULL,
    description TEXT,
    category VARCHAR(50) NOT NULL,
    preview_url VARCHAR(1024) NOT NULL,
    source_data JSONB NOT NULL,
    tags JSONB,
    is_public BOOLEAN DEFAULT true NOT NULL,
    created_at TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    updated_at TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    CONSTRAINT pk_templates PRIMARY KEY (id),
    CONSTRAINT fk_templates_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

COMMENT ON TABLE templates IS 'Designs that projects start from.';
COMMENT ON COLUMN templates.id IS 'Surrogate key.';
COMMENT ON COLUMN templates.user_id IS 'Author of a private template; NULL for the system''s own.';
COMMENT ON COLUMN templates.name IS 'What the template is called.';
COMMENT ON COLUMN templates.description IS 'What it is good for.';
COMMENT ON COLUMN templates.category IS 'Shelf it is found on.';
COMMENT ON COLUMN templates.preview_url IS 'Where its picture lies.';
COMMENT ON COLUMN templates.source_data IS 'The design itself.';
COMMENT ON COLUMN templates.tags IS 'List of words to search by.';
COMMENT ON COLUMN templates.is_public IS 'Whether everybody may start from it.';
COMMENT ON COLUMN templates.created_at IS 'When the row was written, UTC.';
COMMENT ON COLUMN templates.updated_at
    IS 'When the row last changed, UTC; a trigger sets it, whatever the client sends.';
