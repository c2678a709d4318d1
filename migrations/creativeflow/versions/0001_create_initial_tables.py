"""Create the 23 tables.

The initial schema as the design documents give it, with every index they list except twins of
unique keys. The three time series are plain tables here. Long, because a system's first revision
is: one statement per table, one line per column.

Revision ID: 0001
Revises:
Create Date: 2026-11-02 09:00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

UTC_NOW = sa.text("timezone('utc', now())")

# column, table it refers to, ON DELETE, ON UPDATE
FOREIGN_KEYS: dict[str, list[tuple[str, str, str, str | None]]] = {
    "teams": [("owner_id", "users", "RESTRICT", None)],
    "templates": [("user_id", "users", "CASCADE", None)],
    "brand_kits": [
        ("user_id", "users", "CASCADE", None),
        ("team_id", "teams", "SET NULL", "CASCADE"),
    ],
    "workbenches": [
        ("user_id", "users", "CASCADE", None),
        ("default_brand_kit_id", "brand_kits", "SET NULL", "CASCADE"),
    ],
    "projects": [
        ("workbench_id", "workbenches", "CASCADE", None),
        ("user_id", "users", "CASCADE", "CASCADE"),
        ("template_id", "templates", "SET NULL", "CASCADE"),
        ("brand_kit_id", "brand_kits", "SET NULL", "CASCADE"),
    ],
    "generation_requests": [
        ("user_id", "users", "RESTRICT", None),
        ("project_id", "projects", "SET NULL", "CASCADE"),
    ],
    "assets": [
        ("project_id", "projects", "CASCADE", None),
        ("user_id", "users", "CASCADE", None),
        ("generation_request_id", "generation_requests", "SET NULL", "CASCADE"),
    ],
    "asset_versions": [
        ("asset_id", "assets", "CASCADE", None),
        ("project_id", "projects", "CASCADE", None),
        ("created_by_user_id", "users", "SET NULL", "CASCADE"),
    ],
    "generation_results": [
        ("generation_request_id", "generation_requests", "CASCADE", None),
        ("asset_id", "assets", "CASCADE", None),
    ],
    "social_media_connections": [("user_id", "users", "CASCADE", None)],
    "api_clients": [("user_id", "users", "CASCADE", None)],
    "subscriptions": [("user_id", "users", "CASCADE", None)],
    "credit_transactions": [
        ("user_id", "users", "CASCADE", None),
        ("generation_request_id", "generation_requests", "SET NULL", "CASCADE"),
    ],
    "usage_logs": [
        ("user_id", "users", "CASCADE", None),
        ("generation_request_id", "generation_requests", "SET NULL", "CASCADE"),
        ("api_client_id", "api_clients", "SET NULL", "CASCADE"),
    ],
    "team_members": [
        ("team_id", "teams", "CASCADE", "CASCADE"),
        ("user_id", "users", "CASCADE", "CASCADE"),
    ],
    "sessions": [("user_id", "users", "CASCADE", None)],
    "notifications": [("user_id", "users", "CASCADE", None)],
    "ai_model_versions": [
        ("model_id", "ai_models", "CASCADE", None),
        ("created_by_user_id", "users", "SET NULL", "CASCADE"),
    ],
    "ai_model_validation_results": [
        ("model_version_id", "ai_model_versions", "CASCADE", None),
        ("validated_by_user_id", "users", "SET NULL", "CASCADE"),
    ],
    "ai_model_deployments": [
        ("model_version_id", "ai_model_versions", "CASCADE", None),
        ("deployed_by_user_id", "users", "SET NULL", "CASCADE"),
    ],
    "ai_model_feedbacks": [
        ("user_id", "users", "CASCADE", None),
        ("generation_request_id", "generation_requests", "SET NULL", "CASCADE"),
        ("model_version_id", "ai_model_versions", "SET NULL", "CASCADE"),
    ],
}

CHECKS: dict[str, dict[str, str]] = {
    "users": {
        "credit_balance": "credit_balance >= 0",
        "social_provider": "social_provider IN ('google', 'facebook', 'apple')",
        "subscription_tier": "subscription_tier IN ('Free', 'Pro', 'Team', 'Enterprise')",
    },
    "ai_models": {
        "task_type": (
            "task_type IN ('text_to_image', 'image_to_image', 'text_generation', 'upscaling',"
            " 'background_removal', 'style_transfer')"
        ),
    },
    "generation_requests": {
        "credits_cost_final": "credits_cost_final >= 0",
        "credits_cost_sample": "credits_cost_sample >= 0",
        "status": "status IN ('Pending', 'Processing', 'Completed', 'Failed')",
    },
    "assets": {"type": "type IN ('Uploaded', 'AIGenerated', 'Derived')"},
    "asset_versions": {
        "one_subject": "num_nonnulls(asset_id, project_id) = 1",
        "version_number": "version_number >= 1",
    },
    "social_media_connections": {
        "platform": (
            "platform IN ('Instagram', 'Facebook', 'LinkedIn', 'Twitter', 'Pinterest', 'TikTok')"
        ),
    },
    "subscriptions": {
        "current_period": "current_period_end > current_period_start",
        "payment_provider": "payment_provider IN ('Stripe', 'PayPal', 'OdooManual')",
        "status": "status IN ('Active', 'Trial', 'Suspended', 'Cancelled', 'Expired')",
    },
    "usage_logs": {"credits_cost": "credits_cost >= 0"},
    "team_members": {"role": "role IN ('Owner', 'Admin', 'Editor', 'Viewer')"},
    "ai_model_versions": {
        "status": (
            "status IN ('Staged', 'Validating', 'Validated', 'Rejected', 'Active', 'Deprecated',"
            " 'Archived')"
        ),
    },
    "ai_model_validation_results": {
        "functional_status": "functional_status IN ('Passed', 'Failed', 'Pending', 'Skipped')",
        "security_scan_status": (
            "security_scan_status IN ('Passed', 'Failed', 'Pending', 'Skipped')"
        ),
    },
    "ai_model_deployments": {
        "environment": "environment IN ('staging', 'production', 'testing')",
        "status": "status IN ('Initiated', 'InProgress', 'Succeeded', 'Failed', 'RolledBack')",
    },
    "ai_model_feedbacks": {"rating": "rating >= 1 AND rating <= 5"},
}

INDEXES: dict[str, dict[str, list[str]]] = {
    "users": {
        "idx_user_languagepreference": ["language_preference"],
        "idx_user_subscriptiontier": ["subscription_tier"],
    },
    "ai_models": {
        "idx_ai_models_task_type": ["task_type"],
        "idx_aimodel_isactive": ["is_active"],
        "idx_aimodel_provider_tasktype": ["provider", "task_type"],
    },
    "teams": {"idx_team_ownerid": ["owner_id"]},
    "templates": {
        "idx_template_category_ispublic": ["category", "is_public"],
        "idx_template_userid": ["user_id"],
    },
    "brand_kits": {
        "idx_brandkit_teamid": ["team_id"],
        "idx_brandkit_userid": ["user_id"],
    },
    "workbenches": {
        "idx_workbench_userid": ["user_id"],
        "idx_workbenches_default_brand_kit_id": ["default_brand_kit_id"],
    },
    "projects": {
        "idx_project_updatedat": ["updated_at"],
        "idx_project_userid": ["user_id"],
        "idx_project_workbenchid": ["workbench_id"],
        "idx_projects_brand_kit_id": ["brand_kit_id"],
        "idx_projects_template_id": ["template_id"],
    },
    "generation_requests": {
        "idx_generation_requests_created_at": ["created_at"],
        "idx_generationrequest_projectid": ["project_id"],
        "idx_generationrequest_status_createdat": ["status", "created_at"],
        "idx_generationrequest_userid": ["user_id"],
    },
    "assets": {
        "idx_asset_generationrequestid": ["generation_request_id"],
        "idx_asset_projectid_createdat": ["project_id", "created_at"],
        "idx_asset_type": ["type"],
        "idx_asset_userid": ["user_id"],
    },
    "asset_versions": {
        "idx_asset_versions_created_by_user_id": ["created_by_user_id"],
        "idx_assetversion_assetid": ["asset_id"],
        "idx_assetversion_projectid": ["project_id"],
    },
    "generation_results": {
        "idx_generation_results_generation_request_id": ["generation_request_id"],
    },
    "api_clients": {"idx_apiclient_userid": ["user_id"]},
    "subscriptions": {
        "idx_subscription_currentperiodend": ["current_period_end"],
        "idx_subscription_userid_currentperiodend": ["user_id", "current_period_end"],
        "idx_subscription_userid_status": ["user_id", "status"],
        "idx_subscriptions_status": ["status"],
    },
    "credit_transactions": {
        "idx_credit_transactions_created_at": ["created_at"],
        "idx_credittransaction_actiontype": ["action_type"],
        "idx_credittransaction_generationrequestid": ["generation_request_id"],
        "idx_credittransaction_userid_createdat": ["user_id", "created_at"],
    },
    "usage_logs": {
        "idx_usage_logs_timestamp": ["timestamp"],
        "idx_usagelog_actiontype": ["action_type"],
        "idx_usagelog_apiclientid": ["api_client_id"],
        "idx_usagelog_generationrequestid": ["generation_request_id"],
        "idx_usagelog_userid_timestamp": ["user_id", "timestamp"],
    },
    "team_members": {
        "idx_team_members_role": ["role"],
        "idx_teammember_teamid": ["team_id"],
        "idx_teammember_userid_role": ["user_id", "role"],
    },
    "sessions": {
        "idx_session_expiresat": ["expires_at"],
        "idx_session_lastactivity": ["last_activity"],
        "idx_session_userid_expiresat": ["user_id", "expires_at"],
    },
    "notifications": {
        "idx_notification_userid_isread_createdat": ["user_id", "is_read", "created_at"],
        "idx_notifications_created_at": ["created_at"],
    },
    "ai_model_versions": {
        "idx_ai_model_versions_created_by_user_id": ["created_by_user_id"],
        "idx_aimodelversion_modelid": ["model_id"],
        "idx_aimodelversion_status": ["status"],
    },
    "ai_model_validation_results": {
        "idx_ai_model_validation_results_validated_by_user_id": ["validated_by_user_id"],
        "idx_aimodelvalidationresult_timestamp": ["validation_timestamp"],
    },
    "ai_model_deployments": {
        "idx_ai_model_deployments_deployed_by_user_id": ["deployed_by_user_id"],
        "idx_ai_model_deployments_environment": ["environment"],
        "idx_aimodeldeployment_status": ["status"],
        "idx_aimodeldeployment_versionid_env": ["model_version_id", "environment"],
    },
    "ai_model_feedbacks": {
        "idx_aimodelfeedback_generationrequestid": ["generation_request_id"],
        "idx_aimodelfeedback_modelversionid": ["model_version_id"],
        "idx_aimodelfeedback_userid": ["user_id"],
    },
}


def upgrade() -> None:
    create_tables()
    for table, checks in CHECKS.items():
        for name, condition in checks.items():
            op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)
    create_foreign_keys()
    create_indexes()


def downgrade() -> None:
    op.drop_constraint(op.f("fk_generation_requests_selected_sample_id"), "generation_requests")
    op.drop_constraint(op.f("fk_generation_requests_final_asset_id"), "generation_requests")
    op.drop_constraint(op.f("fk_ai_model_versions_validation_result_id_id"), "ai_model_versions")
    op.drop_table("ai_model_feedbacks")
    op.drop_table("ai_model_deployments")
    op.drop_table("ai_model_validation_results")
    op.drop_table("ai_model_versions")
    op.drop_table("notifications")
    op.drop_table("sessions")
    op.drop_table("team_members")
    op.drop_table("usage_logs")
    op.drop_table("credit_transactions")
    op.drop_table("subscriptions")
    op.drop_table("api_clients")
    op.drop_table("social_media_connections")
    op.drop_table("generation_results")
    op.drop_table("asset_versions")
    op.drop_table("assets")
    op.drop_table("generation_requests")
    op.drop_table("projects")
    op.drop_table("workbenches")
    op.drop_table("brand_kits")
    op.drop_table("templates")
    op.drop_table("teams")
    op.drop_table("ai_models")
    op.drop_table("users")


def create_foreign_keys() -> None:
    for table, keys in FOREIGN_KEYS.items():
        for column, referred, ondelete, onupdate in keys:
            op.create_foreign_key(
                op.f(f"fk_{table}_{column}"),
                table,
                referred,
                [column],
                ["id"],
                ondelete=ondelete,
                onupdate=onupdate,
            )
    # The two cycles. Deferrable, so that both rows can be written in one transaction.
    for column in ("selected_sample_id", "final_asset_id"):
        op.create_foreign_key(
            op.f(f"fk_generation_requests_{column}"),
            "generation_requests",
            "assets",
            [column],
            ["id"],
            ondelete="SET NULL",
            onupdate="CASCADE",
            deferrable=True,
            initially="IMMEDIATE",
        )
    # The pair: a version can only point to a validation result of its own.
    op.create_foreign_key(
        op.f("fk_ai_model_versions_validation_result_id_id"),
        "ai_model_versions",
        "ai_model_validation_results",
        ["validation_result_id", "id"],
        ["id", "model_version_id"],
        ondelete="SET NULL (validation_result_id)",
        onupdate="CASCADE",
        deferrable=True,
        initially="IMMEDIATE",
    )


def create_indexes() -> None:
    for table, indexes in INDEXES.items():
        for name, columns in indexes.items():
            op.create_index(op.f(name), table, columns)
    op.create_index(
        op.f("idx_user_social_unique"),
        "users",
        ["social_provider", "social_provider_id"],
        unique=True,
        postgresql_where=sa.text("social_provider IS NOT NULL AND social_provider_id IS NOT NULL"),
    )
    op.create_index(
        op.f("idx_user_deletedat"),
        "users",
        ["deleted_at"],
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_index(
        op.f("idx_notification_userid_isread_unread"),
        "notifications",
        ["user_id", "is_read"],
        postgresql_where=sa.text("is_read = false"),
    )
    # One default brand kit per user, and one per team.
    op.create_index(
        op.f("idx_brandkit_userid_default_unique"),
        "brand_kits",
        ["user_id"],
        unique=True,
        postgresql_where=sa.text("is_default AND team_id IS NULL"),
    )
    op.create_index(
        op.f("idx_brandkit_teamid_default_unique"),
        "brand_kits",
        ["team_id"],
        unique=True,
        postgresql_where=sa.text("is_default AND team_id IS NOT NULL"),
    )
    for subject in ("asset", "project"):
        op.create_index(
            op.f(f"idx_assetversion_{subject}id_version"),
            "asset_versions",
            [f"{subject}_id", "version_number"],
            unique=True,
        )
    # Colours and fonts are asked by containment only, tags by key as well.
    for column in ("colors", "fonts"):
        op.create_index(
            op.f(f"idx_brandkit_{column}_gin"),
            "brand_kits",
            [column],
            postgresql_using="gin",
            postgresql_ops={column: "jsonb_path_ops"},
        )
    op.create_index(op.f("idx_template_tags_gin"), "templates", ["tags"], postgresql_using="gin")


def _id() -> sa.Column[object]:
    return sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False)


def create_tables() -> None:
    op.create_table(
        "users",
        _id(),
        sa.Column("email", sa.String(255), nullable=False),
        sa.Column("password_hash", sa.String(255)),
        sa.Column("social_provider", sa.String(50)),
        sa.Column("social_provider_id", sa.String(255)),
        sa.Column("is_email_verified", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("email_verification_token", sa.String(255)),
        sa.Column("password_reset_token", sa.String(255)),
        sa.Column("password_reset_expires", sa.DateTime()),
        sa.Column("full_name", sa.String(100)),
        sa.Column("username", sa.String(50)),
        sa.Column("profile_picture_url", sa.String(1024)),
        sa.Column("language_preference", sa.String(10), server_default="en-US", nullable=False),
        sa.Column("timezone", sa.String(50), server_default="UTC", nullable=False),
        sa.Column("mfa_enabled", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("mfa_secret", sa.String(255)),
        sa.Column("subscription_tier", sa.String(20), server_default="Free", nullable=False),
        sa.Column(
            "credit_balance", sa.Numeric(10, 2), server_default=sa.text("0.00"), nullable=False
        ),
        sa.Column("last_login_at", sa.DateTime()),
        sa.Column("created_at", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.Column("updated_at", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.Column("deleted_at", sa.DateTime()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_user_email")),
        sa.UniqueConstraint("username", name=op.f("uq_user_username")),
    )
    op.create_table(
        "ai_models",
        _id(),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("provider", sa.String(50), nullable=False),
        sa.Column("task_type", sa.String(50), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("created_at", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.Column("updated_at", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ai_models")),
        sa.UniqueConstraint("name", name=op.f("uq_ai_models_name")),
    )
    op.create_table(
        "teams",
        _id(),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.Column("updated_at", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
    )
    op.create_table(
        "templates",
        _id(),
        sa.Column("user_id", sa.Uuid()),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("category", sa.String(50), nullable=False),
        sa.Column("preview_url", sa.String(1024), nullable=False),
        sa.Column("source_data", JSONB(), nullable=False),
        sa.Column("tags", JSONB()),
        sa.Column("is_public", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("created_at", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.Column("updated_at", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_templates")),
    )
    op.create_table(
        "brand_kits",
        _id(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid()),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("colors", JSONB(), nullable=False),
        sa.Column("fonts", JSONB(), nullable=False),
        sa.Column("logos", JSONB()),
        sa.Column("style_preferences", JSONB()),
        sa.Column("is_default", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.Column("updated_at", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brand_kits")),
    )
    op.create_table(
        "workbenches",
        _id(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("default_brand_kit_id", sa.Uuid()),
        sa.Column("created_at", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.Column("updated_at", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workbenches")),
    )
    op.create_table(
        "projects",
        _id(),
        sa.Column("workbench_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("template_id", sa.Uuid()),
        sa.Column("brand_kit_id", sa.Uuid()),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("target_platform", sa.String(50)),
        sa.Column("collaboration_state", JSONB()),
        sa.Column("last_collaborated_at", sa.DateTime()),
        sa.Column("created_at", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.Column("updated_at", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.Column("deleted_at", sa.DateTime()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
    )
    op.create_table(
        "generation_requests",
        _id(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid()),
        sa.Column("input_prompt", sa.Text(), nullable=False),
        sa.Column("style_guidance", sa.Text()),
        sa.Column("input_parameters", JSONB()),
        sa.Column("status", sa.String(50), server_default="Pending", nullable=False),
        sa.Column("error_message", sa.Text()),
        sa.Column("sample_assets", JSONB()),
        sa.Column("selected_sample_id", sa.Uuid()),
        sa.Column("final_asset_id", sa.Uuid()),
        sa.Column("credits_cost_sample", sa.Numeric(10, 2)),
        sa.Column("credits_cost_final", sa.Numeric(10, 2)),
        sa.Column("ai_model_used", sa.String(100)),
        sa.Column("processing_time_ms", sa.Integer()),
        sa.Column("created_at", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.Column("updated_at", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_generation_requests")),
        sa.UniqueConstraint("final_asset_id", name=op.f("uq_generation_requests_final_asset_id")),
        sa.UniqueConstraint(
            "selected_sample_id", name=op.f("uq_generation_requests_selected_sample_id")
        ),
    )
    op.create_table(
        "assets",
        _id(),
        sa.Column("project_id", sa.Uuid()),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("generation_request_id", sa.Uuid()),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("type", sa.String(20), nullable=False),
        sa.Column("file_path", sa.String(1024), nullable=False),
        sa.Column("mime_type", sa.String(50), nullable=False),
        sa.Column("format", sa.String(10), nullable=False),
        sa.Column("resolution", sa.String(20)),
        sa.Column("is_final", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("metadata", JSONB()),
        sa.Column("created_at", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.Column("updated_at", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.Column("deleted_at", sa.DateTime()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assets")),
    )
    op.create_table(
        "asset_versions",
        _id(),
        sa.Column("asset_id", sa.Uuid()),
        sa.Column("project_id", sa.Uuid()),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("file_path", sa.String(1024)),
        sa.Column("state_data", JSONB()),
        sa.Column("description", sa.Text()),
        sa.Column("created_by_user_id", sa.Uuid()),
        sa.Column("created_at", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset_versions")),
    )
    op.create_table(
        "generation_results",
        _id(),
        sa.Column("generation_request_id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("is_selected", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("resolution", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_generation_results")),
        sa.UniqueConstraint("asset_id", name=op.f("uq_generation_results_asset_id")),
    )
    op.create_table(
        "social_media_connections",
        _id(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("platform", sa.String(20), nullable=False),
        sa.Column("external_user_id", sa.String(100), nullable=False),
        sa.Column("access_token", sa.Text(), nullable=False),
        sa.Column("refresh_token", sa.Text()),
        sa.Column("expires_at", sa.DateTime()),
        sa.Column("created_at", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.Column("updated_at", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_social_media_connections")),
        sa.UniqueConstraint(
            "user_id", "platform", name=op.f("uq_social_media_connections_user_id_platform")
        ),
    )
    op.create_table(
        "api_clients",
        _id(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("api_key", sa.String(100), nullable=False),
        sa.Column("secret_hash", sa.String(255), nullable=False),
        sa.Column("permissions", JSONB()),
        sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("created_at", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.Column("updated_at", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_clients")),
        sa.UniqueConstraint("api_key", name=op.f("uq_apiclient_apikey")),
    )
    op.create_table(
        "subscriptions",
        _id(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("odoo_sale_order_id", sa.String(255), nullable=False),
        sa.Column("plan_id", sa.String(50), nullable=False),
        sa.Column("status", sa.String(20), server_default="Active", nullable=False),
        sa.Column("current_period_start", sa.DateTime(), nullable=False),
        sa.Column("current_period_end", sa.DateTime(), nullable=False),
        sa.Column("payment_provider", sa.String(50), nullable=False),
        sa.Column("payment_provider_subscription_id", sa.String(255)),
        sa.Column("payment_method_id", sa.String(255)),
        sa.Column("created_at", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.Column("updated_at", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint("odoo_sale_order_id", name=op.f("uq_subscriptions_odoo_sale_order_id")),
        sa.UniqueConstraint("user_id", name=op.f("uq_subscriptions_user_id")),
    )
    op.create_table(
        "credit_transactions",
        _id(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("odoo_invoice_id", sa.String(255)),
        sa.Column("generation_request_id", sa.Uuid()),
        sa.Column("api_call_id", sa.String(255)),
        sa.Column("amount", sa.Numeric(10, 2), nullable=False),
        sa.Column("action_type", sa.String(50), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("created_at", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.Column("synced_at", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_transactions")),
    )
    op.create_table(
        "usage_logs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("generation_request_id", sa.Uuid()),
        sa.Column("api_client_id", sa.Uuid()),
        sa.Column("action_type", sa.String(100), nullable=False),
        sa.Column("details", JSONB()),
        sa.Column("credits_cost", sa.Numeric(10, 2)),
        sa.Column("timestamp", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage_logs")),
    )
    op.create_table(
        "team_members",
        _id(),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("joined_at", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_members")),
        sa.UniqueConstraint("team_id", "user_id", name=op.f("uq_team_members_team_id_user_id")),
    )
    op.create_table(
        "sessions",
        _id(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("device_info", sa.String(255), nullable=False),
        sa.Column("ip_address", sa.String(45), nullable=False),
        sa.Column("user_agent", sa.Text()),
        sa.Column("last_activity", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("created_at", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_table(
        "notifications",
        _id(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(50), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("metadata", JSONB()),
        sa.Column("is_read", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.Column("updated_at", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
    )
    op.create_table(
        "ai_model_versions",
        _id(),
        sa.Column("model_id", sa.Uuid(), nullable=False),
        sa.Column("version_number", sa.String(50), nullable=False),
        sa.Column("source_path", sa.String(1024)),
        sa.Column("format", sa.String(50)),
        sa.Column("parameters", JSONB()),
        sa.Column("status", sa.String(50), server_default="Staged", nullable=False),
        sa.Column("validation_result_id", sa.Uuid()),
        sa.Column("created_by_user_id", sa.Uuid()),
        sa.Column("release_notes", sa.Text()),
        sa.Column("created_at", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.Column("updated_at", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ai_model_versions")),
        sa.UniqueConstraint(
            "model_id", "version_number", name=op.f("uq_ai_model_versions_model_id_version_number")
        ),
        sa.UniqueConstraint(
            "validation_result_id", name=op.f("uq_ai_model_versions_validation_result_id")
        ),
    )
    op.create_table(
        "ai_model_validation_results",
        _id(),
        sa.Column("model_version_id", sa.Uuid(), nullable=False),
        sa.Column("validation_timestamp", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.Column("security_scan_status", sa.String(50), nullable=False),
        sa.Column("functional_status", sa.String(50), nullable=False),
        sa.Column("performance_benchmark", JSONB()),
        sa.Column("results", JSONB()),
        sa.Column("validated_by_user_id", sa.Uuid()),
        sa.Column("created_at", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ai_model_validation_results")),
        sa.UniqueConstraint(
            "id",
            "model_version_id",
            name=op.f("uq_ai_model_validation_results_id_model_version_id"),
        ),
        sa.UniqueConstraint(
            "model_version_id", name=op.f("uq_ai_model_validation_results_model_version_id")
        ),
    )
    op.create_table(
        "ai_model_deployments",
        _id(),
        sa.Column("model_version_id", sa.Uuid(), nullable=False),
        sa.Column("environment", sa.String(50), nullable=False),
        sa.Column("status", sa.String(50), server_default="Initiated", nullable=False),
        sa.Column("deployment_strategy", sa.String(50)),
        sa.Column("endpoint", sa.String(255)),
        sa.Column("kubernetes_details", JSONB()),
        sa.Column("deployed_by_user_id", sa.Uuid()),
        sa.Column("deployment_timestamp", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.Column("created_at", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.Column("updated_at", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ai_model_deployments")),
    )
    op.create_table(
        "ai_model_feedbacks",
        _id(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("generation_request_id", sa.Uuid()),
        sa.Column("model_version_id", sa.Uuid()),
        sa.Column("rating", sa.Integer()),
        sa.Column("comment", sa.Text()),
        sa.Column("feedback_timestamp", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.Column("details", JSONB()),
        sa.Column("created_at", sa.DateTime(), server_default=UTC_NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ai_model_feedbacks")),
    )
