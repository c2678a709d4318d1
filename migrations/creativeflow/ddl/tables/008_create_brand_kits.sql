-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE TABLE brand_kits (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    team_id UUID,
    name VARCHAR(100) NOT NULL,
    colors JSONB NOT NULL,
    fonts JSONB NOT NULL,
    logos JSONB,
    style_preferences JSONB,
    is_default BOOLEAN DEFAULT false NOT NULL,
    created_at TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    updated_at TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    CONSTRAINT pk_brand_kits PRIMARY KEY (id),
    CONSTRAINT fk_brand_kits_team_id
        FOREIGN KEY(team_id) REFERENCES teams (id) ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT fk_brand_kits_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

COMMENT ON TABLE brand_kits IS 'Colours, fonts and logos of brands, of one user or of a team.';
COMMENT ON COLUMN brand_kits.id IS 'Surrogate key.';
COMMENT ON COLUMN brand_kits.user_id IS 'Owner; for a team''s kit, the member who made it.';
COMMENT ON COLUMN brand_kits.team_id
    IS 'Team that shares the kit; NULL for a kit of the user alone.';
COMMENT ON COLUMN brand_kits.name IS 'What the kit is called.';
COMMENT ON COLUMN brand_kits.colors IS 'List of named colours.';
COMMENT ON COLUMN brand_kits.fonts IS 'List of fonts with their use.';
COMMENT ON COLUMN brand_kits.logos IS 'List of logos with their files.';
COMMENT ON COLUMN brand_kits.style_preferences
    IS 'Hints for generation in this brand''s style, free form.';
COMMENT ON COLUMN brand_kits.is_default IS 'Whether new work of the user or team takes this kit.';
COMMENT ON COLUMN brand_kits.created_at IS 'When the row was written, UTC.';
COMMENT ON COLUMN brand_kits.updated_at
    IS 'When the row last changed, UTC; a trigger sets it, whatever the client sends.';
