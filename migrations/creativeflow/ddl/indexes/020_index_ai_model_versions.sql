-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE INDEX idx_ai_model_versions_created_by_user_id ON ai_model_versions (created_by_user_id);
CREATE INDEX idx_aimodelversion_status ON ai_model_versions (status);
