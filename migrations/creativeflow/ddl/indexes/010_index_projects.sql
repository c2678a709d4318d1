-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE INDEX idx_project_updatedat ON projects (updated_at);
CREATE INDEX idx_project_userid ON projects (user_id);
CREATE INDEX idx_projects_brand_kit_id ON projects (brand_kit_id);
CREATE INDEX idx_projects_template_id ON projects (template_id);
CREATE INDEX idx_projects_workbench_id_user_id ON projects (workbench_id, user_id);
