-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE INDEX idx_subscription_currentperiodend ON subscriptions (current_period_end);
CREATE INDEX idx_subscriptions_status ON subscriptions (status);
