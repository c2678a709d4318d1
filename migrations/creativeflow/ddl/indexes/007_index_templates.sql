-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE INDEX idx_template_category_ispublic ON templates (category, is_public);
CREATE INDEX idx_template_tags_gin ON templates USING gin (tags);
CREATE INDEX idx_template_userid ON templates (user_id);
