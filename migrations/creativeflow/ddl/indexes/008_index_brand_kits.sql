-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE INDEX idx_brandkit_colors_gin ON brand_kits USING gin (colors jsonb_path_ops);
CREATE INDEX idx_brandkit_fonts_gin ON brand_kits USING gin (fonts jsonb_path_ops);
CREATE INDEX idx_brandkit_teamid ON brand_kits (team_id);
CREATE UNIQUE INDEX idx_brandkit_teamid_default_unique
    ON brand_kits (team_id)
    WHERE is_default AND team_id IS NOT NULL;
CREATE INDEX idx_brandkit_userid ON brand_kits (user_id);
CREATE UNIQUE INDEX idx_brandkit_userid_default_unique
    ON brand_kits (user_id)
    WHERE is_default AND team_id IS NULL;
