-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE TABLE users (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    email VARCHAR(255) NOT NULL,
    password_hash VARCHAR(255),
    social_provider VARCHAR(50),
    social_provider_id VARCHAR(255),
    is_email_verified BOOLEAN DEFAULT false NOT NULL,
    email_verification_token VARCHAR(255),
    password_reset_token VARCHAR(255),
    password_reset_expires TIMESTAMP WITHOUT TIME ZONE,
    full_name VARCHAR(100),
    username VARCHAR(50),
    profile_picture_url VARCHAR(1024),
    language_preference VARCHAR(10) DEFAULT 'en-US' NOT NULL,
    timezone VARCHAR(50) DEFAULT 'UTC' NOT NULL,
    mfa_enabled BOOLEAN DEFAULT false NOT NULL,
    mfa_secret VARCHAR(255),
    subscription_tier VARCHAR(20) DEFAULT 'Free' NOT NULL,
    credit_balance NUMERIC(10, 2) DEFAULT 0.00 NOT NULL,
    last_login_at TIMESTAMP WITHOUT TIME ZONE,
    created_at TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    updated_at TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    deleted_at TIMESTAMP WITHOUT TIME ZONE,
    ui_settings JSONB,
    CONSTRAINT pk_users PRIMARY KEY (id),
    CONSTRAINT uq_user_email UNIQUE (email),
    CONSTRAINT uq_user_username UNIQUE (username),
    CONSTRAINT ck_users_credit_balance CHECK (credit_balance >= 0),
    CONSTRAINT ck_users_social_provider CHECK (social_provider IN ('google', 'facebook', 'apple')),
    CONSTRAINT ck_users_subscription_tier
        CHECK (subscription_tier IN ('Free', 'Pro', 'Team', 'Enterprise'))
);

COMMENT ON TABLE users IS 'Accounts, with sign-in data, profile, plan and credit balance.';
COMMENT ON COLUMN users.id IS 'Surrogate key.';
COMMENT ON COLUMN users.email IS 'Address the account signs in with. [personal]';
COMMENT ON COLUMN users.password_hash
    IS 'Hashed by the application; NULL for accounts of a social provider. [sensitive]';
COMMENT ON COLUMN users.social_provider
    IS 'Provider vouching for the account, if one does. [personal]';
COMMENT ON COLUMN users.social_provider_id IS 'The account''s name at that provider. [personal]';
COMMENT ON COLUMN users.is_email_verified IS 'Whether the address was confirmed by its owner.';
COMMENT ON COLUMN users.email_verification_token
    IS 'Open token of an address confirmation. [sensitive]';
COMMENT ON COLUMN users.password_reset_token IS 'Open token of a password reset. [sensitive]';
COMMENT ON COLUMN users.password_reset_expires
    IS 'Until when the password reset token is good, UTC.';
COMMENT ON COLUMN users.full_name
    IS 'Name shown to others. Cached by the application until it changes. [personal]';
COMMENT ON COLUMN users.username
    IS 'Chosen handle; any number of accounts may have none. [personal]';
COMMENT ON COLUMN users.profile_picture_url IS 'Where the portrait lies. [personal]';
COMMENT ON COLUMN users.language_preference
    IS 'Language tag of the interface. Cached by the application until it changes.';
COMMENT ON COLUMN users.timezone
    IS 'Time zone that times are shown in. Cached by the application until it changes.';
COMMENT ON COLUMN users.mfa_enabled IS 'Whether signing in asks for a second factor.';
COMMENT ON COLUMN users.mfa_secret
    IS 'Seed of the second factor, encrypted by the application. [sensitive]';
COMMENT ON COLUMN users.subscription_tier
    IS 'Plan that limits and prices go by. Cached by the application until it changes.';
COMMENT ON COLUMN users.credit_balance
    IS 'Credits left to spend. Cached by the application until it changes.';
COMMENT ON COLUMN users.last_login_at IS 'Last successful sign-in, UTC. [personal]';
COMMENT ON COLUMN users.created_at IS 'When the row was written, UTC.';
COMMENT ON COLUMN users.updated_at
    IS 'When the row last changed, UTC; a trigger sets it, whatever the client sends.';
COMMENT ON COLUMN users.deleted_at
    IS 'When the row was marked as deleted, UTC; NULL while it is in use.';
COMMENT ON COLUMN users.ui_settings IS 'What the user set up in the interface, free form.';
