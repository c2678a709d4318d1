-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE INDEX idx_team_members_role ON team_members (role);
CREATE INDEX idx_teammember_userid_role ON team_members (user_id, role);
