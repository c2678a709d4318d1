-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE INDEX idx_asset_versions_created_by_user_id ON asset_versions (created_by_user_id);
CREATE UNIQUE INDEX idx_assetversion_assetid_version ON asset_versions (asset_id, version_number);
CREATE UNIQUE INDEX idx_assetversion_projectid_version
    ON asset_versions (project_id, version_number);
