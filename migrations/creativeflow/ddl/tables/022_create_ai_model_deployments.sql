-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE TABLE ai_model_deployments (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    model_version_id UUID NOT NULL,
    environment VARCHAR(50) NOT NULL,
    status VARCHAR(50) DEFAULT 'Initiated' NOT NULL,
    deployment_strategy VARCHAR(50),
    endpoint VARCHAR(255),
    kubernetes_details JSONB,
    deployed_by_user_id UUID,
    deployment_timestamp TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    created_at TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    updated_at TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    CONSTRAINT pk_ai_model_deployments PRIMARY KEY (id),
    CONSTRAINT fk_ai_model_deployments_deployed_by_user_id
        FOREIGN KEY(deployed_by_user_id) REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT fk_ai_model_deployments_model_version_id
        FOREIGN KEY(model_version_id) REFERENCES ai_model_versions (id) ON DELETE CASCADE,
    CONSTRAINT ck_ai_model_deployments_environment
        CHECK (environment IN ('staging', 'production', 'testing')),
    CONSTRAINT ck_ai_model_deployments_status
        CHECK (status IN ('Initiated', 'InProgress', 'Succeeded', 'Failed', 'RolledBack'))
);

COMMENT ON TABLE ai_model_deployments IS 'Attempts to bring releases into environments.';
COMMENT ON COLUMN ai_model_deployments.id IS 'Surrogate key.';
COMMENT ON COLUMN ai_model_deployments.model_version_id IS 'Release being deployed.';
COMMENT ON COLUMN ai_model_deployments.environment IS 'Where to.';
COMMENT ON COLUMN ai_model_deployments.status IS 'How far the attempt has come.';
COMMENT ON COLUMN ai_model_deployments.deployment_strategy IS 'How traffic is moved over.';
COMMENT ON COLUMN ai_model_deployments.endpoint IS 'Address the release answers at.';
COMMENT ON COLUMN ai_model_deployments.kubernetes_details
    IS 'What the cluster was told, free form.';
COMMENT ON COLUMN ai_model_deployments.deployed_by_user_id
    IS 'Who deployed it, while the account exists.';
COMMENT ON COLUMN ai_model_deployments.deployment_timestamp IS 'When the attempt began, UTC.';
COMMENT ON COLUMN ai_model_deployments.created_at IS 'When the row was written, UTC.';
COMMENT ON COLUMN ai_model_deployments.updated_at
    IS 'When the row last changed, UTC; a trigger sets it, whatever the client sends.';
