-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE TABLE asset_versions (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    asset_id UUID,
    project_id UUID,
    version_number INTEGER NOT NULL,
    file_path VARCHAR(1024),
    state_data JSONB,
    description TEXT,
    created_by_user_id UUID,
    created_at TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    CONSTRAINT pk_asset_versions PRIMARY KEY (id),
    CONSTRAINT fk_asset_versions_asset_id
        FOREIGN KEY(asset_id) REFERENCES assets (id) ON DELETE CASCADE,
    CONSTRAINT fk_asset_versions_created_by_user_id
        FOREIGN KEY(created_by_user_id) REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT fk_asset_versions_project_id
        FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE,
    CONSTRAINT ck_asset_versions_one_subject CHECK (num_nonnulls(asset_id, project_id) = 1),
    CONSTRAINT ck_asset_versions_version_number CHECK (version_number >= 1)
);

COMMENT ON TABLE asset_versions
    IS 'History of files and of project states; a row is about one of the two.';
COMMENT ON COLUMN asset_versions.id IS 'Surrogate key.';
COMMENT ON COLUMN asset_versions.asset_id IS 'Asset whose file is kept.';
COMMENT ON COLUMN asset_versions.project_id IS 'Project whose state is kept.';
COMMENT ON COLUMN asset_versions.version_number IS 'Counts from 1 for each subject.';
COMMENT ON COLUMN asset_versions.file_path IS 'Key in object storage, for a file.';
COMMENT ON COLUMN asset_versions.state_data IS 'Editing state, for a project.';
COMMENT ON COLUMN asset_versions.description IS 'What changed, in words.';
COMMENT ON COLUMN asset_versions.created_by_user_id
    IS 'Who made the version, while the account exists.';
COMMENT ON COLUMN asset_versions.created_at IS 'When the row was written, UTC.';
