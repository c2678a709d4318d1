-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE TABLE subscriptions (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    odoo_sale_order_id VARCHAR(255) NOT NULL,
    plan_id VARCHAR(50) NOT NULL,
    status VARCHAR(20) DEFAULT 'Active' NOT NULL,
    current_period_start TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    current_period_end TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    payment_provider VARCHAR(50) NOT NULL,
    payment_provider_subscription_id VARCHAR(255),
    payment_method_id VARCHAR(255),
    created_at TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    updated_at TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    CONSTRAINT pk_subscriptions PRIMARY KEY (id),
    CONSTRAINT uq_subscriptions_odoo_sale_order_id UNIQUE (odoo_sale_order_id),
    CONSTRAINT uq_subscriptions_user_id UNIQUE (user_id),
    CONSTRAINT fk_subscriptions_user_id
        FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT ck_subscriptions_current_period CHECK (current_period_end > current_period_start),
    CONSTRAINT ck_subscriptions_payment_provider
        CHECK (payment_provider IN ('Stripe', 'PayPal', 'OdooManual')),
    CONSTRAINT ck_subscriptions_status
        CHECK (status IN ('Active', 'Trial', 'Suspended', 'Cancelled', 'Expired'))
);

COMMENT ON TABLE subscriptions
    IS 'Plans and billing periods, one per user, synchronised from Odoo.';
COMMENT ON COLUMN subscriptions.id IS 'Surrogate key.';
COMMENT ON COLUMN subscriptions.user_id IS 'Subscriber.';
COMMENT ON COLUMN subscriptions.odoo_sale_order_id IS 'Sale order in Odoo that the row mirrors.';
COMMENT ON COLUMN subscriptions.plan_id IS 'Plan, by its name in Odoo.';
COMMENT ON COLUMN subscriptions.status IS 'Where the subscription stands.';
COMMENT ON COLUMN subscriptions.current_period_start IS 'Start of the paid period, UTC.';
COMMENT ON COLUMN subscriptions.current_period_end IS 'End of the paid period, UTC.';
COMMENT ON COLUMN subscriptions.payment_provider IS 'Who collects the money.';
COMMENT ON COLUMN subscriptions.payment_provider_subscription_id
    IS 'The subscription''s name at the provider. [personal]';
COMMENT ON COLUMN subscriptions.payment_method_id
    IS 'Token of the means of payment at the provider. [sensitive]';
COMMENT ON COLUMN subscriptions.created_at IS 'When the row was written, UTC.';
COMMENT ON COLUMN subscriptions.updated_at
    IS 'When the row last changed, UTC; a trigger sets it, whatever the client sends.';
