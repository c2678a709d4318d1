-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE INDEX idx_generation_requests_created_at ON generation_requests (created_at);
CREATE INDEX idx_generationrequest_projectid ON generation_requests (project_id);
CREATE INDEX idx_generationrequest_status_createdat ON generation_requests (status, created_at);
CREATE INDEX idx_generationrequest_userid ON generation_requests (user_id);
