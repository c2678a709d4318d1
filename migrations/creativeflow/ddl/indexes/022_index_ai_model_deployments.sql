-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE INDEX idx_ai_model_deployments_deployed_by_user_id
    ON ai_model_deployments (deployed_by_user_id);
CREATE INDEX idx_ai_model_deployments_environment ON ai_model_deployments (environment);
CREATE INDEX idx_aimodeldeployment_status ON ai_model_deployments (status);
CREATE INDEX idx_aimodeldeployment_versionid_env
    ON ai_model_deployments (model_version_id, environment);
