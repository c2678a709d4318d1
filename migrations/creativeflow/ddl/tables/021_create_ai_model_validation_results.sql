-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE TABLE ai_model_validation_results (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    model_version_id UUID NOT NULL,
    validation_timestamp TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    security_scan_status VARCHAR(50) NOT NULL,
    functional_status VARCHAR(50) NOT NULL,
    performance_benchmark JSONB,
    results JSONB,
    validated_by_user_id UUID,
    created_at TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    CONSTRAINT pk_ai_model_validation_results PRIMARY KEY (id),
    CONSTRAINT uq_ai_model_validation_results_id_model_version_id UNIQUE (id, model_version_id),
    CONSTRAINT uq_ai_model_validation_results_model_version_id UNIQUE (model_version_id),
    CONSTRAINT fk_ai_model_validation_results_model_version_id
        FOREIGN KEY(model_version_id) REFERENCES ai_model_versions (id) ON DELETE CASCADE,
    CONSTRAINT fk_ai_model_validation_results_validated_by_user_id
        FOREIGN KEY(validated_by_user_id) REFERENCES users (id)
        ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT ck_ai_model_validation_results_functional_status
        CHECK (functional_status IN ('Passed', 'Failed', 'Pending', 'Skipped')),
    CONSTRAINT ck_ai_model_validation_results_security_scan_status
        CHECK (security_scan_status IN ('Passed', 'Failed', 'Pending', 'Skipped'))
);

COMMENT ON TABLE ai_model_validation_results IS 'Results of validating releases, one per release.';
COMMENT ON COLUMN ai_model_validation_results.id IS 'Surrogate key.';
COMMENT ON COLUMN ai_model_validation_results.model_version_id IS 'Release that was validated.';
COMMENT ON COLUMN ai_model_validation_results.validation_timestamp IS 'When it was validated, UTC.';
COMMENT ON COLUMN ai_model_validation_results.security_scan_status
    IS 'What the security scan said.';
COMMENT ON COLUMN ai_model_validation_results.functional_status
    IS 'What the functional tests said.';
COMMENT ON COLUMN ai_model_validation_results.performance_benchmark
    IS 'Figures of the performance run, free form.';
COMMENT ON COLUMN ai_model_validation_results.results IS 'The whole log, free form.';
COMMENT ON COLUMN ai_model_validation_results.validated_by_user_id
    IS 'Who ran it, while the account exists.';
COMMENT ON COLUMN ai_model_validation_results.created_at IS 'When the row was written, UTC.';
