-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE INDEX idx_user_deletedat ON users (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX idx_user_languagepreference ON users (language_preference);
CREATE UNIQUE INDEX idx_user_social_unique
    ON users (social_provider, social_provider_id)
    WHERE social_provider IS NOT NULL AND social_provider_id IS NOT NULL;
CREATE INDEX idx_user_subscriptiontier ON users (subscription_tier);
