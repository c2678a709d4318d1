-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE INDEX idx_team_ownerid ON teams (owner_id);
