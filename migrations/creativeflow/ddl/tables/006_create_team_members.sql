-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE TABLE team_members (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    team_id UUID NOT NULL,
    user_id UUID NOT NULL,
    role VARCHAR(20) NOT NULL,
    joined_at TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    CONSTRAINT pk_team_members PRIMARY KEY (id),
    CONSTRAINT uq_team_members_team_id_user_id UNIQUE (team_id, user_id),
    CONSTRAINT fk_team_members_team_id
        FOREIGN KEY(team_id) REFERENCES teams (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_team_members_user_id
        FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT ck_team_members_role CHECK (role IN ('Owner', 'Admin', 'Editor', 'Viewer'))
);

COMMENT ON TABLE team_members IS 'Places of users in teams, at most one each.';
COMMENT ON COLUMN team_members.id IS 'Surrogate key.';
COMMENT ON COLUMN team_members.team_id IS 'The team.';
COMMENT ON COLUMN team_members.user_id IS 'The member.';
COMMENT ON COLUMN team_members.role IS 'What the member may do in the team.';
COMMENT ON COLUMN team_members.joined_at IS 'When the member joined, UTC.';
