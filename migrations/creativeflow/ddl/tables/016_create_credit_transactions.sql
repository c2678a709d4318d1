-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE TABLE credit_transactions (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    odoo_invoice_id VARCHAR(255),
    generation_request_id UUID,
    api_call_id VARCHAR(255),
    amount NUMERIC(10, 2) NOT NULL,
    action_type VARCHAR(50) NOT NULL,
    description TEXT,
    created_at TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    synced_at TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    CONSTRAINT pk_credit_transactions PRIMARY KEY (id, created_at),
    CONSTRAINT fk_credit_transactions_generation_request_id
        FOREIGN KEY(generation_request_id) REFERENCES generation_requests (id)
        ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT fk_credit_transactions_user_id
        FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
) PARTITION BY RANGE (created_at);

CREATE TABLE credit_transactions_default PARTITION OF credit_transactions DEFAULT;

COMMENT ON TABLE credit_transactions IS 'Ledger of credits, partitioned by month of created_at.';
COMMENT ON COLUMN credit_transactions.id
    IS 'Surrogate key; the primary key only together with created_at.';
COMMENT ON COLUMN credit_transactions.user_id IS 'Whose credits moved.';
COMMENT ON COLUMN credit_transactions.odoo_invoice_id
    IS 'Invoice in Odoo, for a purchase or refund.';
COMMENT ON COLUMN credit_transactions.generation_request_id
    IS 'Request that the credits were spent on.';
COMMENT ON COLUMN credit_transactions.api_call_id
    IS 'API call that spent the credits, by the gateway''s name for it.';
COMMENT ON COLUMN credit_transactions.amount
    IS 'Credits moved: purchases and refunds add, consumption takes away.';
COMMENT ON COLUMN credit_transactions.action_type IS 'What moved the credits.';
COMMENT ON COLUMN credit_transactions.description IS 'Explanation for the user.';
COMMENT ON COLUMN credit_transactions.created_at
    IS 'When the credits moved, UTC; decides the partition.';
COMMENT ON COLUMN credit_transactions.synced_at IS 'When the row was last matched with Odoo, UTC.';
