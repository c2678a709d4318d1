-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE INDEX idx_session_expiresat ON sessions (expires_at);
CREATE INDEX idx_session_lastactivity ON sessions (last_activity);
CREATE INDEX idx_session_userid_expiresat ON sessions (user_id, expires_at);
