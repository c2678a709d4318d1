-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE TABLE ai_models (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    name VARCHAR(100) NOT NULL,
    description TEXT,
    provider VARCHAR(50) NOT NULL,
    task_type VARCHAR(50) NOT NULL,
    is_active BOOLEAN DEFAULT true NOT NULL,
    created_at TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    updated_at TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    CONSTRAINT pk_ai_models PRIMARY KEY (id),
    CONSTRAINT uq_ai_models_name UNIQUE (name),
    CONSTRAINT ck_ai_models_task_type
        CHECK (task_type IN ('text_to_image', 'image_to_image', 'text_generation', 'upscaling', 'background_removal', 'style_transfer'))
);

COMMENT ON TABLE ai_models IS 'Models the platform can use.';
COMMENT ON COLUMN ai_models.id IS 'Surrogate key.';
COMMENT ON COLUMN ai_models.name IS 'What the model is called.';
COMMENT ON COLUMN ai_models.description IS 'What it is good at.';
COMMENT ON COLUMN ai_models.provider IS 'Who runs it.';
COMMENT ON COLUMN ai_models.task_type IS 'What it does.';
COMMENT ON COLUMN ai_models.is_active IS 'Whether requests may be sent to it.';
COMMENT ON COLUMN ai_models.created_at IS 'When the row was written, UTC.';
COMMENT ON COLUMN ai_models.updated_at
    IS 'When the row last changed, UTC; a trigger sets it, whatever the client sends.';
