-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE TABLE ai_model_versions (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    model_id UUID NOT NULL,
    version_number VARCHAR(50) NOT NULL,
    source_path VARCHAR(1024),
    format VARCHAR(50),
    parameters JSONB,
    status VARCHAR(50) DEFAULT 'Staged' NOT NULL,
    validation_result_id UUID,
    created_by_user_id UUID,
    release_notes TEXT,
    created_at TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    updated_at TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    CONSTRAINT pk_ai_model_versions PRIMARY KEY (id),
    CONSTRAINT uq_ai_model_versions_model_id_version_number UNIQUE (model_id, version_number),
    CONSTRAINT uq_ai_model_versions_validation_result_id UNIQUE (validation_result_id),
    CONSTRAINT fk_ai_model_versions_created_by_user_id
        FOREIGN KEY(created_by_user_id) REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT fk_ai_model_versions_model_id
        FOREIGN KEY(model_id) REFERENCES ai_models (id) ON DELETE CASCADE,
    CONSTRAINT ck_ai_model_versions_status
        CHECK (status IN ('Staged', 'Validating', 'Validated', 'Rejected', 'Active', 'Deprecated', 'Archived'))
);

COMMENT ON TABLE ai_model_versions IS 'Releases of models, and where each stands.';
COMMENT ON COLUMN ai_model_versions.id IS 'Surrogate key.';
COMMENT ON COLUMN ai_model_versions.model_id IS 'Model it is a release of.';
COMMENT ON COLUMN ai_model_versions.version_number IS 'Number of the release.';
COMMENT ON COLUMN ai_model_versions.source_path
    IS 'Key of the weights in object storage, for our own models.';
COMMENT ON COLUMN ai_model_versions.format IS 'Format of the weights.';
COMMENT ON COLUMN ai_model_versions.parameters IS 'Settings the release runs with, free form.';
COMMENT ON COLUMN ai_model_versions.status IS 'Where the release stands.';
COMMENT ON COLUMN ai_model_versions.validation_result_id
    IS 'Result the release was accepted on; always one of its own.';
COMMENT ON COLUMN ai_model_versions.created_by_user_id
    IS 'Who registered it, while the account exists.';
COMMENT ON COLUMN ai_model_versions.release_notes IS 'What is new in it.';
COMMENT ON COLUMN ai_model_versions.created_at IS 'When the row was written, UTC.';
COMMENT ON COLUMN ai_model_versions.updated_at
    IS 'When the row last changed, UTC; a trigger sets it, whatever the client sends.';
