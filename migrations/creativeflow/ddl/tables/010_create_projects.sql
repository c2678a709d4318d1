-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE TABLE projects (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    workbench_id UUID NOT NULL,
    user_id UUID NOT NULL,
    template_id UUID,
    brand_kit_id UUID,
    name VARCHAR(100) NOT NULL,
    target_platform VARCHAR(50),
    collaboration_state JSONB,
    last_collaborated_at TIMESTAMP WITHOUT TIME ZONE,
    created_at TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    updated_at TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    deleted_at TIMESTAMP WITHOUT TIME ZONE,
    CONSTRAINT pk_projects PRIMARY KEY (id),
    CONSTRAINT fk_projects_brand_kit_id
        FOREIGN KEY(brand_kit_id) REFERENCES brand_kits (id) ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT fk_projects_template_id
        FOREIGN KEY(template_id) REFERENCES templates (id) ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT fk_projects_user_id
        FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_projects_workbench_id_user_id
        FOREIGN KEY(workbench_id, user_id) REFERENCES workbenches (id, user_id)
        ON DELETE CASCADE ON UPDATE CASCADE
);

COMMENT ON TABLE projects IS 'Pieces of creative work, each on one workbench.';
COMMENT ON COLUMN projects.id IS 'Surrogate key.';
COMMENT ON COLUMN projects.workbench_id IS 'Workbench the project lies on.';
COMMENT ON COLUMN projects.user_id
    IS 'Owner, always that of the workbench; kept here so that reads need no join.';
COMMENT ON COLUMN projects.template_id IS 'Template it was started from, while that exists.';
COMMENT ON COLUMN projects.brand_kit_id IS 'Brand kit in place of the workbench''s own.';
COMMENT ON COLUMN projects.name IS 'What the project is called.';
COMMENT ON COLUMN projects.target_platform IS 'Where the work is to appear.';
COMMENT ON COLUMN projects.collaboration_state
    IS 'Shared editing state (CRDT), read and merged by the editor only.';
COMMENT ON COLUMN projects.last_collaborated_at IS 'Last shared edit, UTC.';
COMMENT ON COLUMN projects.created_at IS 'When the row was written, UTC.';
COMMENT ON COLUMN projects.updated_at
    IS 'When the row last changed, UTC; a trigger sets it, whatever the client sends.';
COMMENT ON COLUMN projects.deleted_at
    IS 'When the row was marked as deleted, UTC; NULL while it is in use.';
