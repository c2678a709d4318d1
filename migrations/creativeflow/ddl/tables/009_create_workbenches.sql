-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE TABLE workbenches (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    name VARCHAR(100) NOT NULL,
    default_brand_kit_id UUID,
    created_at TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    updated_at TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    CONSTRAINT pk_workbenches PRIMARY KEY (id),
    CONSTRAINT uq_workbenches_id_user_id UNIQUE (id, user_id),
    CONSTRAINT fk_workbenches_default_brand_kit_id
        FOREIGN KEY(default_brand_kit_id) REFERENCES brand_kits (id)
        ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT fk_workbenches_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

COMMENT ON TABLE workbenches IS 'Containers that users sort their projects into.';
COMMENT ON COLUMN workbenches.id IS 'Surrogate key.';
COMMENT ON COLUMN workbenches.user_id IS 'Owner of the workbench and of every project on it.';
COMMENT ON COLUMN workbenches.name IS 'What the workbench is called.';
COMMENT ON COLUMN workbenches.default_brand_kit_id
    IS 'Brand kit of its projects unless they name their own.';
COMMENT ON COLUMN workbenches.created_at IS 'When the row was written, UTC.';
COMMENT ON COLUMN workbenches.updated_at
    IS 'When the row last changed, UTC; a trigger sets it, whatever the client sends.';
