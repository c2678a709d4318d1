-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE INDEX idx_asset_generationrequestid ON assets (generation_request_id);
CREATE INDEX idx_asset_projectid_createdat ON assets (project_id, created_at);
CREATE INDEX idx_asset_type ON assets (type);
CREATE INDEX idx_asset_userid ON assets (user_id);
