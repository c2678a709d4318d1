-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE INDEX idx_usage_logs_timestamp ON usage_logs (timestamp);
CREATE INDEX idx_usagelog_actiontype ON usage_logs (action_type);
CREATE INDEX idx_usagelog_apiclientid ON usage_logs (api_client_id);
CREATE INDEX idx_usagelog_generationrequestid ON usage_logs (generation_request_id);
CREATE INDEX idx_usagelog_userid_timestamp ON usage_logs (user_id, timestamp);
