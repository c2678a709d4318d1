-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE INDEX idx_apiclient_userid ON api_clients (user_id);
