-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE INDEX idx_aimodelfeedback_generationrequestid ON ai_model_feedbacks (generation_request_id);
CREATE INDEX idx_aimodelfeedback_modelversionid ON ai_model_feedbacks (model_version_id);
CREATE INDEX idx_aimodelfeedback_userid ON ai_model_feedbacks (user_id);
