-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE INDEX idx_credit_transactions_created_at ON credit_transactions (created_at);
CREATE INDEX idx_credittransaction_actiontype ON credit_transactions (action_type);
CREATE INDEX idx_credittransaction_generationrequestid
    ON credit_transactions (generation_request_id);
CREATE INDEX idx_credittransaction_userid_createdat ON credit_transactions (user_id, created_at);
