-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE INDEX idx_ai_models_task_type ON ai_models (task_type);
CREATE INDEX idx_aimodel_isactive ON ai_models (is_active);
CREATE INDEX idx_aimodel_provider_tasktype ON ai_models (provider, task_type);
