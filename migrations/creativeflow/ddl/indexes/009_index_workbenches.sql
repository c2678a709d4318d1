-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE INDEX idx_workbench_userid ON workbenches (user_id);
CREATE INDEX idx_workbenches_default_brand_kit_id ON workbenches (default_brand_kit_id);
