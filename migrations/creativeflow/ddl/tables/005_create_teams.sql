-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE TABLE teams (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    name VARCHAR(100) NOT NULL,
    owner_id UUID NOT NULL,
    created_at TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    updated_at TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    CONSTRAINT pk_teams PRIMARY KEY (id),
    CONSTRAINT fk_teams_owner_id FOREIGN KEY(owner_id) REFERENCES users (id) ON DELETE RESTRICT
);

COMMENT ON TABLE teams IS 'Groups of users that work together.';
COMMENT ON COLUMN teams.id IS 'Surrogate key.';
COMMENT ON COLUMN teams.name IS 'What the team is called.';
COMMENT ON COLUMN teams.owner_id
    IS 'Who answers for the team; it must be handed over before the account can go.';
COMMENT ON COLUMN teams.created_at IS 'When the row was written, UTC.';
COMMENT ON COLUMN teams.updated_at
    IS 'When the row last changed, UTC; a trigger sets it, whatever the client sends.';
