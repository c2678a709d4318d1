-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE INDEX idx_ai_model_validation_results_validated_by_user_id
    ON ai_model_validation_results (validated_by_user_id);
CREATE INDEX idx_aimodelvalidationresult_timestamp
    ON ai_model_validation_results (validation_timestamp);
