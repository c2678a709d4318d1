-- The 23 tables as the design documents give them, with every index they list except twins of
-- unique keys. The three time series are plain tables here. Times are UTC without a zone: defaults
-- say timezone('utc', now()), since CURRENT_TIMESTAMP would store the session's local time.

-- ---- Identity ----

CREATE TABLE users (
    id                       uuid           NOT NULL DEFAULT gen_random_uuid(),
    email                    varchar(255)   NOT NULL,
    password_hash            varchar(255),
    social_provider          varchar(50),
    social_provider_id       varchar(255),
    is_email_verified        boolean        NOT NULL DEFAULT false,
    email_verification_token varchar(255),
    password_reset_token     varchar(255),
    password_reset_expires   timestamp,
    full_name                varchar(100),
    username                 varchar(50),
    profile_picture_url      varchar(1024),
    language_preference      varchar(10)    NOT NULL DEFAULT 'en-US',
    timezone                 varchar(50)    NOT NULL DEFAULT 'UTC',
    mfa_enabled              boolean        NOT NULL DEFAULT false,
    mfa_secret               varchar(255),
    subscription_tier        varchar(20)    NOT NULL DEFAULT 'Free',
    credit_balance           numeric(10, 2) NOT NULL DEFAULT 0.00,
    last_login_at            timestamp,
    created_at               timestamp      NOT NULL DEFAULT timezone('utc', now()),
    updated_at               timestamp      NOT NULL DEFAULT timezone('utc', now()),
    deleted_at               timestamp,
    CONSTRAINT pk_users PRIMARY KEY (id),
    CONSTRAINT uq_user_email UNIQUE (email),
    CONSTRAINT uq_user_username UNIQUE (username),
    CONSTRAINT ck_users_credit_balance CHECK (credit_balance >= 0),
    CONSTRAINT ck_users_social_provider CHECK (social_provider IN ('google', 'facebook', 'apple')),
    CONSTRAINT ck_users_subscription_tier
        CHECK (subscription_tier IN ('Free', 'Pro', 'Team', 'Enterprise'))
);
CREATE INDEX idx_user_languagepreference ON users (language_preference);
CREATE INDEX idx_user_subscriptiontier ON users (subscription_tier);
CREATE UNIQUE INDEX idx_user_social_unique
    ON users (social_provider, social_provider_id)
    WHERE social_provider IS NOT NULL AND social_provider_id IS NOT NULL;
CREATE INDEX idx_user_deletedat ON users (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE sessions (
    id            uuid         NOT NULL DEFAULT gen_random_uuid(),
    user_id       uuid         NOT NULL,
    device_info   varchar(255) NOT NULL,
    ip_address    varchar(45)  NOT NULL,
    user_agent    text,
    last_activity timestamp    NOT NULL DEFAULT timezone('utc', now()),
    expires_at    timestamp    NOT NULL,
    created_at    timestamp    NOT NULL DEFAULT timezone('utc', now()),
    CONSTRAINT pk_sessions PRIMARY KEY (id),
    CONSTRAINT fk_sessions_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX idx_session_expiresat ON sessions (expires_at);
CREATE INDEX idx_session_lastactivity ON sessions (last_activity);
CREATE INDEX idx_session_userid_expiresat ON sessions (user_id, expires_at);

CREATE TABLE social_media_connections (
    id               uuid         NOT NULL DEFAULT gen_random_uuid(),
    user_id          uuid         NOT NULL,
    platform         varchar(20)  NOT NULL,
    external_user_id varchar(100) NOT NULL,
    access_token     text         NOT NULL,
    refresh_token    text,
    expires_at       timestamp,
    created_at       timestamp    NOT NULL DEFAULT timezone('utc', now()),
    updated_at       timestamp    NOT NULL DEFAULT timezone('utc', now()),
    CONSTRAINT pk_social_media_connections PRIMARY KEY (id),
    CONSTRAINT uq_social_media_connections_user_id_platform UNIQUE (user_id, platform),
    CONSTRAINT fk_social_media_connections_user_id
        FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT ck_social_media_connections_platform
        CHECK (platform IN ('Instagram', 'Facebook', 'LinkedIn', 'Twitter', 'Pinterest', 'TikTok'))
);

CREATE TABLE api_clients (
    id          uuid         NOT NULL DEFAULT gen_random_uuid(),
    user_id     uuid         NOT NULL,
    name        varchar(100) NOT NULL,
    api_key     varchar(100) NOT NULL,
    secret_hash varchar(255) NOT NULL,
    permissions jsonb,
    is_active   boolean      NOT NULL DEFAULT true,
    created_at  timestamp    NOT NULL DEFAULT timezone('utc', now()),
    updated_at  timestamp    NOT NULL DEFAULT timezone('utc', now()),
    CONSTRAINT pk_api_clients PRIMARY KEY (id),
    CONSTRAINT uq_apiclient_apikey UNIQUE (api_key),
    CONSTRAINT fk_api_clients_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX idx_apiclient_userid ON api_clients (user_id);

-- ---- Collaboration ----

CREATE TABLE teams (
    id         uuid         NOT NULL DEFAULT gen_random_uuid(),
    name       varchar(100) NOT NULL,
    owner_id   uuid         NOT NULL,
    created_at timestamp    NOT NULL DEFAULT timezone('utc', now()),
    updated_at timestamp    NOT NULL DEFAULT timezone('utc', now()),
    CONSTRAINT pk_teams PRIMARY KEY (id),
    CONSTRAINT fk_teams_owner_id FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE RESTRICT
);
CREATE INDEX idx_team_ownerid ON teams (owner_id);

CREATE TABLE team_members (
    id        uuid        NOT NULL DEFAULT gen_random_uuid(),
    team_id   uuid        NOT NULL,
    user_id   uuid        NOT NULL,
    role      varchar(20) NOT NULL,
    joined_at timestamp   NOT NULL DEFAULT timezone('utc', now()),
    CONSTRAINT pk_team_members PRIMARY KEY (id),
    CONSTRAINT uq_team_members_team_id_user_id UNIQUE (team_id, user_id),
    CONSTRAINT fk_team_members_team_id
        FOREIGN KEY (team_id) REFERENCES teams (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_team_members_user_id
        FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT ck_team_members_role CHECK (role IN ('Owner', 'Admin', 'Editor', 'Viewer'))
);
CREATE INDEX idx_team_members_role ON team_members (role);
CREATE INDEX idx_teammember_teamid ON team_members (team_id);
CREATE INDEX idx_teammember_userid_role ON team_members (user_id, role);

-- ---- Templates and workspace ----

CREATE TABLE templates (
    id          uuid          NOT NULL DEFAULT gen_random_uuid(),
    user_id     uuid,
    name        varchar(100)  NOT NULL,
    description text,
    category    varchar(50)   NOT NULL,
    preview_url varchar(1024) NOT NULL,
    source_data jsonb         NOT NULL,
    tags        jsonb,
    is_public   boolean       NOT NULL DEFAULT true,
    created_at  timestamp     NOT NULL DEFAULT timezone('utc', now()),
    updated_at  timestamp     NOT NULL DEFAULT timezone('utc', now()),
    CONSTRAINT pk_templates PRIMARY KEY (id),
    CONSTRAINT fk_templates_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX idx_template_category_ispublic ON templates (category, is_public);
CREATE INDEX idx_template_userid ON templates (user_id);
CREATE INDEX idx_template_tags_gin ON templates USING gin (tags);

CREATE TABLE brand_kits (
    id                uuid         NOT NULL DEFAULT gen_random_uuid(),
    user_id           uuid         NOT NULL,
    team_id           uuid,
    name              varchar(100) NOT NULL,
    colors            jsonb        NOT NULL,
    fonts             jsonb        NOT NULL,
    logos             jsonb,
    style_preferences jsonb,
    is_default        boolean      NOT NULL DEFAULT false,
    created_at        timestamp    NOT NULL DEFAULT timezone('utc', now()),
    updated_at        timestamp    NOT NULL DEFAULT timezone('utc', now()),
    CONSTRAINT pk_brand_kits PRIMARY KEY (id),
    CONSTRAINT fk_brand_kits_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_brand_kits_team_id
        FOREIGN KEY (team_id) REFERENCES teams (id) ON DELETE SET NULL ON UPDATE CASCADE
);
CREATE INDEX idx_brandkit_teamid ON brand_kits (team_id);
CREATE INDEX idx_brandkit_userid ON brand_kits (user_id);
CREATE UNIQUE INDEX idx_brandkit_userid_default_unique
    ON brand_kits (user_id) WHERE is_default AND team_id IS NULL;
CREATE UNIQUE INDEX idx_brandkit_teamid_default_unique
    ON brand_kits (team_id) WHERE is_default AND team_id IS NOT NULL;
CREATE INDEX idx_brandkit_colors_gin ON brand_kits USING gin (colors jsonb_path_ops);
CREATE INDEX idx_brandkit_fonts_gin ON brand_kits USING gin (fonts jsonb_path_ops);

CREATE TABLE workbenches (
    id                   uuid         NOT NULL DEFAULT gen_random_uuid(),
    user_id              uuid         NOT NULL,
    name                 varchar(100) NOT NULL,
    default_brand_kit_id uuid,
    created_at           timestamp    NOT NULL DEFAULT timezone('utc', now()),
    updated_at           timestamp    NOT NULL DEFAULT timezone('utc', now()),
    CONSTRAINT pk_workbenches PRIMARY KEY (id),
    CONSTRAINT fk_workbenches_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_workbenches_default_brand_kit_id
        FOREIGN KEY (default_brand_kit_id) REFERENCES brand_kits (id)
        ON DELETE SET NULL ON UPDATE CASCADE
);
CREATE INDEX idx_workbench_userid ON workbenches (user_id);
CREATE INDEX idx_workbenches_default_brand_kit_id ON workbenches (default_brand_kit_id);

CREATE TABLE projects (
    id                   uuid         NOT NULL DEFAULT gen_random_uuid(),
    workbench_id         uuid         NOT NULL,
    user_id              uuid         NOT NULL,
    template_id          uuid,
    brand_kit_id         uuid,
    name                 varchar(100) NOT NULL,
    target_platform      varchar(50),
    collaboration_state  jsonb,
    last_collaborated_at timestamp,
    created_at           timestamp    NOT NULL DEFAULT timezone('utc', now()),
    updated_at           timestamp    NOT NULL DEFAULT timezone('utc', now()),
    deleted_at           timestamp,
    CONSTRAINT pk_projects PRIMARY KEY (id),
    CONSTRAINT fk_projects_workbench_id
        FOREIGN KEY (workbench_id) REFERENCES workbenches (id) ON DELETE CASCADE,
    CONSTRAINT fk_projects_user_id
        FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_projects_template_id
        FOREIGN KEY (template_id) REFERENCES templates (id) ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT fk_projects_brand_kit_id
        FOREIGN KEY (brand_kit_id) REFERENCES brand_kits (id) ON DELETE SET NULL ON UPDATE CASCADE
);
CREATE INDEX idx_project_updatedat ON projects (updated_at);
CREATE INDEX idx_project_userid ON projects (user_id);
CREATE INDEX idx_project_workbenchid ON projects (workbench_id);
CREATE INDEX idx_projects_brand_kit_id ON projects (brand_kit_id);
CREATE INDEX idx_projects_template_id ON projects (template_id);

-- ---- Generation and assets ----

CREATE TABLE generation_requests (
    id                  uuid           NOT NULL DEFAULT gen_random_uuid(),
    user_id             uuid           NOT NULL,
    project_id          uuid,
    input_prompt        text           NOT NULL,
    style_guidance      text,
    input_parameters    jsonb,
    status              varchar(50)    NOT NULL DEFAULT 'Pending',
    error_message       text,
    sample_assets       jsonb,
    selected_sample_id  uuid,
    final_asset_id      uuid,
    credits_cost_sample numeric(10, 2),
    credits_cost_final  numeric(10, 2),
    ai_model_used       varchar(100),
    processing_time_ms  integer,
    created_at          timestamp      NOT NULL DEFAULT timezone('utc', now()),
    updated_at          timestamp      NOT NULL DEFAULT timezone('utc', now()),
    CONSTRAINT pk_generation_requests PRIMARY KEY (id),
    CONSTRAINT uq_generation_requests_final_asset_id UNIQUE (final_asset_id),
    CONSTRAINT uq_generation_requests_selected_sample_id UNIQUE (selected_sample_id),
    CONSTRAINT fk_generation_requests_user_id
        FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT fk_generation_requests_project_id
        FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT ck_generation_requests_credits_cost_final CHECK (credits_cost_final >= 0),
    CONSTRAINT ck_generation_requests_credits_cost_sample CHECK (credits_cost_sample >= 0),
    CONSTRAINT ck_generation_requests_status
        CHECK (status IN ('Pending', 'Processing', 'Completed', 'Failed'))
);
CREATE INDEX idx_generation_requests_created_at ON generation_requests (created_at);
CREATE INDEX idx_generationrequest_projectid ON generation_requests (project_id);
CREATE INDEX idx_generationrequest_status_createdat ON generation_requests (status, created_at);
CREATE INDEX idx_generationrequest_userid ON generation_requests (user_id);

CREATE TABLE assets (
    id                    uuid          NOT NULL DEFAULT gen_random_uuid(),
    project_id            uuid,
    user_id               uuid          NOT NULL,
    generation_request_id uuid,
    name                  varchar(255)  NOT NULL,
    type                  varchar(20)   NOT NULL,
    file_path             varchar(1024) NOT NULL,
    mime_type             varchar(50)   NOT NULL,
    format                varchar(10)   NOT NULL,
    resolution            varchar(20),
    is_final              boolean       NOT NULL DEFAULT false,
    metadata              jsonb,
    created_at            timestamp     NOT NULL DEFAULT timezone('utc', now()),
    updated_at            timestamp     NOT NULL DEFAULT timezone('utc', now()),
    deleted_at            timestamp,
    CONSTRAINT pk_assets PRIMARY KEY (id),
    CONSTRAINT fk_assets_project_id
        FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE,
    CONSTRAINT fk_assets_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_assets_generation_request_id
        FOREIGN KEY (generation_request_id) REFERENCES generation_requests (id)
        ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT ck_assets_type CHECK (type IN ('Uploaded', 'AIGenerated', 'Derived'))
);
CREATE INDEX idx_asset_generationrequestid ON assets (generation_request_id);
CREATE INDEX idx_asset_projectid_createdat ON assets (project_id, created_at);
CREATE INDEX idx_asset_type ON assets (type);
CREATE INDEX idx_asset_userid ON assets (user_id);

CREATE TABLE asset_versions (
    id                 uuid          NOT NULL DEFAULT gen_random_uuid(),
    asset_id           uuid,
    project_id         uuid,
    version_number     integer       NOT NULL,
    file_path          varchar(1024),
    state_data         jsonb,
    description        text,
    created_by_user_id uuid,
    created_at         timestamp     NOT NULL DEFAULT timezone('utc', now()),
    CONSTRAINT pk_asset_versions PRIMARY KEY (id),
    CONSTRAINT fk_asset_versions_asset_id
        FOREIGN KEY (asset_id) REFERENCES assets (id) ON DELETE CASCADE,
    CONSTRAINT fk_asset_versions_project_id
        FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE,
    CONSTRAINT fk_asset_versions_created_by_user_id
        FOREIGN KEY (created_by_user_id) REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT ck_asset_versions_one_subject CHECK (num_nonnulls(asset_id, project_id) = 1),
    CONSTRAINT ck_asset_versions_version_number CHECK (version_number >= 1)
);
CREATE INDEX idx_asset_versions_created_by_user_id ON asset_versions (created_by_user_id);
CREATE INDEX idx_assetversion_assetid ON asset_versions (asset_id);
CREATE INDEX idx_assetversion_projectid ON asset_versions (project_id);
CREATE UNIQUE INDEX idx_assetversion_assetid_version ON asset_versions (asset_id, version_number);
CREATE UNIQUE INDEX idx_assetversion_projectid_version
    ON asset_versions (project_id, version_number);

CREATE TABLE generation_results (
    id                    uuid        NOT NULL DEFAULT gen_random_uuid(),
    generation_request_id uuid        NOT NULL,
    asset_id              uuid        NOT NULL,
    is_selected           boolean     NOT NULL DEFAULT false,
    resolution            varchar(20) NOT NULL,
    CONSTRAINT pk_generation_results PRIMARY KEY (id),
    CONSTRAINT uq_generation_results_asset_id UNIQUE (asset_id),
    CONSTRAINT fk_generation_results_generation_request_id
        FOREIGN KEY (generation_request_id) REFERENCES generation_requests (id) ON DELETE CASCADE,
    CONSTRAINT fk_generation_results_asset_id
        FOREIGN KEY (asset_id) REFERENCES assets (id) ON DELETE CASCADE
);
CREATE INDEX idx_generation_results_generation_request_id
    ON generation_results (generation_request_id);

-- ---- Billing. The ledger and the log become partitioned later (V009, V011) ----

CREATE TABLE subscriptions (
    id                               uuid         NOT NULL DEFAULT gen_random_uuid(),
    user_id                          uuid         NOT NULL,
    odoo_sale_order_id               varchar(255) NOT NULL,
    plan_id                          varchar(50)  NOT NULL,
    status                           varchar(20)  NOT NULL DEFAULT 'Active',
    current_period_start             timestamp    NOT NULL,
    current_period_end               timestamp    NOT NULL,
    payment_provider                 varchar(50)  NOT NULL,
    payment_provider_subscription_id varchar(255),
    payment_method_id                varchar(255),
    created_at                       timestamp    NOT NULL DEFAULT timezone('utc', now()),
    updated_at                       timestamp    NOT NULL DEFAULT timezone('utc', now()),
    CONSTRAINT pk_subscriptions PRIMARY KEY (id),
    CONSTRAINT uq_subscriptions_odoo_sale_order_id UNIQUE (odoo_sale_order_id),
    CONSTRAINT uq_subscriptions_user_id UNIQUE (user_id),
    CONSTRAINT fk_subscriptions_user_id
        FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT ck_subscriptions_current_period CHECK (current_period_end > current_period_start),
    CONSTRAINT ck_subscriptions_payment_provider
        CHECK (payment_provider IN ('Stripe', 'PayPal', 'OdooManual')),
    CONSTRAINT ck_subscriptions_status
        CHECK (status IN ('Active', 'Trial', 'Suspended', 'Cancelled', 'Expired'))
);
CREATE INDEX idx_subscription_currentperiodend ON subscriptions (current_period_end);
CREATE INDEX idx_subscription_userid_currentperiodend
    ON subscriptions (user_id, current_period_end);
CREATE INDEX idx_subscription_userid_status ON subscriptions (user_id, status);
CREATE INDEX idx_subscriptions_status ON subscriptions (status);

CREATE TABLE credit_transactions (
    id                    uuid           NOT NULL DEFAULT gen_random_uuid(),
    user_id               uuid           NOT NULL,
    odoo_invoice_id       varchar(255),
    generation_request_id uuid,
    api_call_id           varchar(255),
    amount                numeric(10, 2) NOT NULL,
    action_type           varchar(50)    NOT NULL,
    description           text,
    created_at            timestamp      NOT NULL DEFAULT timezone('utc', now()),
    synced_at             timestamp      NOT NULL DEFAULT timezone('utc', now()),
    CONSTRAINT pk_credit_transactions PRIMARY KEY (id),
    CONSTRAINT fk_credit_transactions_user_id
        FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_credit_transactions_generation_request_id
        FOREIGN KEY (generation_request_id) REFERENCES generation_requests (id)
        ON DELETE SET NULL ON UPDATE CASCADE
);
CREATE INDEX idx_credit_transactions_created_at ON credit_transactions (created_at);
CREATE INDEX idx_credittransaction_actiontype ON credit_transactions (action_type);
CREATE INDEX idx_credittransaction_generationrequestid
    ON credit_transactions (generation_request_id);
CREATE INDEX idx_credittransaction_userid_createdat ON credit_transactions (user_id, created_at);

CREATE TABLE usage_logs (
    id                    bigint         GENERATED BY DEFAULT AS IDENTITY,
    user_id               uuid           NOT NULL,
    generation_request_id uuid,
    api_client_id         uuid,
    action_type           varchar(100)   NOT NULL,
    details               jsonb,
    credits_cost          numeric(10, 2),
    "timestamp"           timestamp      NOT NULL DEFAULT timezone('utc', now()),
    CONSTRAINT pk_usage_logs PRIMARY KEY (id),
    CONSTRAINT fk_usage_logs_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_usage_logs_generation_request_id
        FOREIGN KEY (generation_request_id) REFERENCES generation_requests (id)
        ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT fk_usage_logs_api_client_id
        FOREIGN KEY (api_client_id) REFERENCES api_clients (id)
        ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT ck_usage_logs_credits_cost CHECK (credits_cost >= 0)
);
CREATE INDEX idx_usage_logs_timestamp ON usage_logs ("timestamp");
CREATE INDEX idx_usagelog_actiontype ON usage_logs (action_type);
CREATE INDEX idx_usagelog_apiclientid ON usage_logs (api_client_id);
CREATE INDEX idx_usagelog_generationrequestid ON usage_logs (generation_request_id);
CREATE INDEX idx_usagelog_userid_timestamp ON usage_logs (user_id, "timestamp");

-- ---- Notification. Partitioned later (V010) ----

CREATE TABLE notifications (
    id         uuid        NOT NULL DEFAULT gen_random_uuid(),
    user_id    uuid        NOT NULL,
    type       varchar(50) NOT NULL,
    message    text        NOT NULL,
    metadata   jsonb,
    is_read    boolean     NOT NULL DEFAULT false,
    created_at timestamp   NOT NULL DEFAULT timezone('utc', now()),
    updated_at timestamp   NOT NULL DEFAULT timezone('utc', now()),
    CONSTRAINT pk_notifications PRIMARY KEY (id),
    CONSTRAINT fk_notifications_user_id
        FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX idx_notification_userid_isread_createdat
    ON notifications (user_id, is_read, created_at);
CREATE INDEX idx_notifications_created_at ON notifications (created_at);
CREATE INDEX idx_notification_userid_isread_unread
    ON notifications (user_id, is_read) WHERE is_read = false;

-- ---- AI models ----

CREATE TABLE ai_models (
    id          uuid         NOT NULL DEFAULT gen_random_uuid(),
    name        varchar(100) NOT NULL,
    description text,
    provider    varchar(50)  NOT NULL,
    task_type   varchar(50)  NOT NULL,
    is_active   boolean      NOT NULL DEFAULT true,
    created_at  timestamp    NOT NULL DEFAULT timezone('utc', now()),
    updated_at  timestamp    NOT NULL DEFAULT timezone('utc', now()),
    CONSTRAINT pk_ai_models PRIMARY KEY (id),
    CONSTRAINT uq_ai_models_name UNIQUE (name),
    CONSTRAINT ck_ai_models_task_type
        CHECK (task_type IN (
            'text_to_image', 'image_to_image', 'text_generation', 'upscaling',
            'background_removal', 'style_transfer'))
);
CREATE INDEX idx_ai_models_task_type ON ai_models (task_type);
CREATE INDEX idx_aimodel_isactive ON ai_models (is_active);
CREATE INDEX idx_aimodel_provider_tasktype ON ai_models (provider, task_type);

CREATE TABLE ai_model_versions (
    id                   uuid          NOT NULL DEFAULT gen_random_uuid(),
    model_id             uuid          NOT NULL,
    version_number       varchar(50)   NOT NULL,
    source_path          varchar(1024),
    format               varchar(50),
    parameters           jsonb,
    status               varchar(50)   NOT NULL DEFAULT 'Staged',
    validation_result_id uuid,
    created_by_user_id   uuid,
    release_notes        text,
    created_at           timestamp     NOT NULL DEFAULT timezone('utc', now()),
    updated_at           timestamp     NOT NULL DEFAULT timezone('utc', now()),
    CONSTRAINT pk_ai_model_versions PRIMARY KEY (id),
    CONSTRAINT uq_ai_model_versions_model_id_version_number UNIQUE (model_id, version_number),
    CONSTRAINT uq_ai_model_versions_validation_result_id UNIQUE (validation_result_id),
    CONSTRAINT fk_ai_model_versions_model_id
        FOREIGN KEY (model_id) REFERENCES ai_models (id) ON DELETE CASCADE,
    CONSTRAINT fk_ai_model_versions_created_by_user_id
        FOREIGN KEY (created_by_user_id) REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT ck_ai_model_versions_status
        CHECK (status IN (
            'Staged', 'Validating', 'Validated', 'Rejected', 'Active', 'Deprecated', 'Archived'))
);
CREATE INDEX idx_ai_model_versions_created_by_user_id ON ai_model_versions (created_by_user_id);
CREATE INDEX idx_aimodelversion_modelid ON ai_model_versions (model_id);
CREATE INDEX idx_aimodelversion_status ON ai_model_versions (status);

CREATE TABLE ai_model_validation_results (
    id                    uuid        NOT NULL DEFAULT gen_random_uuid(),
    model_version_id      uuid        NOT NULL,
    validation_timestamp  timestamp   NOT NULL DEFAULT timezone('utc', now()),
    security_scan_status  varchar(50) NOT NULL,
    functional_status     varchar(50) NOT NULL,
    performance_benchmark jsonb,
    results               jsonb,
    validated_by_user_id  uuid,
    created_at            timestamp   NOT NULL DEFAULT timezone('utc', now()),
    CONSTRAINT pk_ai_model_validation_results PRIMARY KEY (id),
    CONSTRAINT uq_ai_model_validation_results_id_model_version_id UNIQUE (id, model_version_id),
    CONSTRAINT uq_ai_model_validation_results_model_version_id UNIQUE (model_version_id),
    CONSTRAINT fk_ai_model_validation_results_model_version_id
        FOREIGN KEY (model_version_id) REFERENCES ai_model_versions (id) ON DELETE CASCADE,
    CONSTRAINT fk_ai_model_validation_results_validated_by_user_id
        FOREIGN KEY (validated_by_user_id) REFERENCES users (id)
        ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT ck_ai_model_validation_results_functional_status
        CHECK (functional_status IN ('Passed', 'Failed', 'Pending', 'Skipped')),
    CONSTRAINT ck_ai_model_validation_results_security_scan_status
        CHECK (security_scan_status IN ('Passed', 'Failed', 'Pending', 'Skipped'))
);
CREATE INDEX idx_ai_model_validation_results_validated_by_user_id
    ON ai_model_validation_results (validated_by_user_id);
CREATE INDEX idx_aimodelvalidationresult_timestamp
    ON ai_model_validation_results (validation_timestamp);

CREATE TABLE ai_model_deployments (
    id                   uuid         NOT NULL DEFAULT gen_random_uuid(),
    model_version_id     uuid         NOT NULL,
    environment          varchar(50)  NOT NULL,
    status               varchar(50)  NOT NULL DEFAULT 'Initiated',
    deployment_strategy  varchar(50),
    endpoint             varchar(255),
    kubernetes_details   jsonb,
    deployed_by_user_id  uuid,
    deployment_timestamp timestamp    NOT NULL DEFAULT timezone('utc', now()),
    created_at           timestamp    NOT NULL DEFAULT timezone('utc', now()),
    updated_at           timestamp    NOT NULL DEFAULT timezone('utc', now()),
    CONSTRAINT pk_ai_model_deployments PRIMARY KEY (id),
    CONSTRAINT fk_ai_model_deployments_model_version_id
        FOREIGN KEY (model_version_id) REFERENCES ai_model_versions (id) ON DELETE CASCADE,
    CONSTRAINT fk_ai_model_deployments_deployed_by_user_id
        FOREIGN KEY (deployed_by_user_id) REFERENCES users (id)
        ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT ck_ai_model_deployments_environment
        CHECK (environment IN ('staging', 'production', 'testing')),
    CONSTRAINT ck_ai_model_deployments_status
        CHECK (status IN ('Initiated', 'InProgress', 'Succeeded', 'Failed', 'RolledBack'))
);
CREATE INDEX idx_ai_model_deployments_deployed_by_user_id
    ON ai_model_deployments (deployed_by_user_id);
CREATE INDEX idx_ai_model_deployments_environment ON ai_model_deployments (environment);
CREATE INDEX idx_aimodeldeployment_status ON ai_model_deployments (status);
CREATE INDEX idx_aimodeldeployment_versionid_env
    ON ai_model_deployments (model_version_id, environment);

CREATE TABLE ai_model_feedbacks (
    id                    uuid      NOT NULL DEFAULT gen_random_uuid(),
    user_id               uuid      NOT NULL,
    generation_request_id uuid,
    model_version_id      uuid,
    rating                integer,
    comment               text,
    feedback_timestamp    timestamp NOT NULL DEFAULT timezone('utc', now()),
    details               jsonb,
    created_at            timestamp NOT NULL DEFAULT timezone('utc', now()),
    CONSTRAINT pk_ai_model_feedbacks PRIMARY KEY (id),
    CONSTRAINT fk_ai_model_feedbacks_user_id
        FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_ai_model_feedbacks_generation_request_id
        FOREIGN KEY (generation_request_id) REFERENCES generation_requests (id)
        ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT fk_ai_model_feedbacks_model_version_id
        FOREIGN KEY (model_version_id) REFERENCES ai_model_versions (id)
        ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT ck_ai_model_feedbacks_rating CHECK (rating >= 1 AND rating <= 5)
);
CREATE INDEX idx_aimodelfeedback_generationrequestid ON ai_model_feedbacks (generation_request_id);
CREATE INDEX idx_aimodelfeedback_modelversionid ON ai_model_feedbacks (model_version_id);
CREATE INDEX idx_aimodelfeedback_userid ON ai_model_feedbacks (user_id);

-- ---- The two cycles ----
-- Deferrable, so that both rows can be written in one transaction.

ALTER TABLE generation_requests ADD CONSTRAINT fk_generation_requests_selected_sample_id
    FOREIGN KEY (selected_sample_id)
    REFERENCES assets (id)
    ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY IMMEDIATE;

ALTER TABLE generation_requests ADD CONSTRAINT fk_generation_requests_final_asset_id
    FOREIGN KEY (final_asset_id)
    REFERENCES assets (id)
    ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY IMMEDIATE;

-- The pair: a version can only point to a validation result of its own. On delete only the
-- pointer is cleared, id being the primary key.
ALTER TABLE ai_model_versions ADD CONSTRAINT fk_ai_model_versions_validation_result_id_id
    FOREIGN KEY (validation_result_id, id)
    REFERENCES ai_model_validation_results (id, model_version_id)
    ON DELETE SET NULL (validation_result_id) ON UPDATE CASCADE DEFERRABLE INITIALLY IMMEDIATE;
