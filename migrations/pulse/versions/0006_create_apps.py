"""Build apps by conversation.

9 new tables. Making the foreign keys locks users against writes for an instant. The downgrade
loses every row of them.

Revision ID: 0006
Revises: 0005
Create Date: 2025-04-07 13:35:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from migrations.pulse.column_types import TIME, create_enum, drop_enums, enum

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_enum(
        "AppBuildStatus",
        "PROMPTING",
        "WAITING",
        "DRAFTING",
        "BUILDING",
        "FINE_TUNING",
        "TEST",
        "LIVE",
        "ARCHIVED",
        "FAILED",
    )
    create_enum("AppMessageRole", "USER", "AGENT", "SYSTEM")
    create_enum("MonetizationType", "FREE", "ONE_TIME", "SUBSCRIPTION", "FREEMIUM", "USAGE_BASED")
    create_enum("RequirementPriority", "LOW", "MEDIUM", "HIGH", "CRITICAL")
    create_enum("RequirementStatus", "PENDING", "IN_PROGRESS", "COMPLETED", "REJECTED")
    create_enum(
        "SandboxJobStatus", "PENDING", "SPAWNING", "RUNNING", "COMPLETED", "FAILED", "TIMEOUT"
    )
    create_enum("SubscriptionInterval", "MONTHLY", "QUARTERLY", "YEARLY")
    op.create_table(
        "apps",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text()),
        sa.Column("description", sa.Text()),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("forkedFrom", sa.Text()),
        sa.Column("status", enum("AppBuildStatus"), server_default="PROMPTING", nullable=False),
        sa.Column("domain", sa.Text()),
        sa.Column("codespaceId", sa.Text()),
        sa.Column("codespaceUrl", sa.Text()),
        sa.Column("isCurated", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("isPublic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("lastAgentActivity", TIME),
        sa.Column("deletedAt", TIME),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="apps_pkey"),
        sa.UniqueConstraint("slug", name="apps_slug_key"),
        sa.UniqueConstraint("domain", name="apps_domain_key"),
        sa.UniqueConstraint("codespaceId", name="apps_codespaceId_key"),
        sa.ForeignKeyConstraint(
            ["forkedFrom"],
            ["apps.id"],
            name="apps_forkedFrom_fkey",
            ondelete="SET NULL",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["userId"],
            ["users.id"],
            name="apps_userId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="An application under construction or in use; it can be forked from another.",
    )
    op.create_index("apps_userId_idx", "apps", ["userId"])
    op.create_index("apps_forkedFrom_idx", "apps", ["forkedFrom"])
    op.create_index("apps_status_idx", "apps", ["status"])
    op.create_index("apps_codespaceId_idx", "apps", ["codespaceId"])
    op.create_index("apps_isCurated_isPublic_idx", "apps", ["isCurated", "isPublic"])
    op.create_index("apps_lastAgentActivity_idx", "apps", ["lastAgentActivity"])
    op.create_index("apps_slug_idx", "apps", ["slug"])
    op.create_index("apps_deletedAt_idx", "apps", ["deletedAt"])
    op.create_table(
        "requirements",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("appId", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("priority", enum("RequirementPriority"), server_default="MEDIUM", nullable=False),
        sa.Column("status", enum("RequirementStatus"), server_default="PENDING", nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="requirements_pkey"),
        sa.ForeignKeyConstraint(
            ["appId"],
            ["apps.id"],
            name="requirements_appId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="One thing an app has to do.",
    )
    op.create_index("requirements_appId_idx", "requirements", ["appId"])
    op.create_index("requirements_status_idx", "requirements", ["status"])
    op.create_index("requirements_priority_idx", "requirements", ["priority"])
    op.create_table(
        "monetization_models",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("appId", sa.Text(), nullable=False),
        sa.Column("type", enum("MonetizationType"), server_default="FREE", nullable=False),
        sa.Column("price", sa.Numeric(10, 2)),
        sa.Column("subscriptionInterval", enum("SubscriptionInterval")),
        sa.Column("features", ARRAY(sa.Text()), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="monetization_models_pkey"),
        sa.ForeignKeyConstraint(
            ["appId"],
            ["apps.id"],
            name="monetization_models_appId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A way an app earns money.",
    )
    op.create_index("monetization_models_appId_idx", "monetization_models", ["appId"])
    op.create_index("monetization_models_type_idx", "monetization_models", ["type"])
    op.create_table(
        "app_messages",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("appId", sa.Text(), nullable=False),
        sa.Column("role", enum("AppMessageRole"), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("metadata", JSONB()),
        sa.Column("deletedAt", TIME),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="app_messages_pkey"),
        sa.ForeignKeyConstraint(
            ["appId"],
            ["apps.id"],
            name="app_messages_appId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="One message of the conversation that builds an app.",
    )
    op.create_index("app_messages_appId_createdAt_idx", "app_messages", ["appId", "createdAt"])
    op.create_index("app_messages_appId_deletedAt_idx", "app_messages", ["appId", "deletedAt"])
    op.create_table(
        "app_status_history",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("appId", sa.Text(), nullable=False),
        sa.Column("status", enum("AppBuildStatus"), nullable=False),
        sa.Column("message", sa.Text()),
        sa.Column("metadata", JSONB()),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="app_status_history_pkey"),
        sa.ForeignKeyConstraint(
            ["appId"],
            ["apps.id"],
            name="app_status_history_appId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A step in the life of an app, kept for its timeline.",
    )
    op.create_index(
        "app_status_history_appId_createdAt_idx", "app_status_history", ["appId", "createdAt"]
    )
    op.create_table(
        "app_images",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("appId", sa.Text(), nullable=False),
        sa.Column("originalUrl", sa.Text(), nullable=False),
        sa.Column("r2Key", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("sizeBytes", sa.Integer(), nullable=False),
        sa.Column("format", sa.Text(), server_default="webp", nullable=False),
        sa.Column("tags", ARRAY(sa.Text()), nullable=False),
        sa.Column("aiDescription", sa.Text()),
        sa.Column("analysisJson", JSONB()),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="app_images_pkey"),
        sa.ForeignKeyConstraint(
            ["appId"],
            ["apps.id"],
            name="app_images_appId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A picture given to an app's conversation.",
    )
    op.create_index("app_images_appId_idx", "app_images", ["appId"])
    op.create_index("app_images_appId_createdAt_idx", "app_images", ["appId", "createdAt"])
    op.create_table(
        "app_attachments",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("messageId", sa.Text(), nullable=False),
        sa.Column("imageId", sa.Text(), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="app_attachments_pkey"),
        sa.UniqueConstraint("messageId", "imageId", name="app_attachments_messageId_imageId_key"),
        sa.ForeignKeyConstraint(
            ["messageId"],
            ["app_messages.id"],
            name="app_attachments_messageId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["imageId"],
            ["app_images.id"],
            name="app_attachments_imageId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A picture attached to a message.",
    )
    op.create_index("app_attachments_messageId_idx", "app_attachments", ["messageId"])
    op.create_index("app_attachments_imageId_idx", "app_attachments", ["imageId"])
    op.create_table(
        "app_code_versions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("appId", sa.Text(), nullable=False),
        sa.Column("messageId", sa.Text()),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="app_code_versions_pkey"),
        sa.UniqueConstraint("messageId", name="app_code_versions_messageId_key"),
        sa.ForeignKeyConstraint(
            ["appId"],
            ["apps.id"],
            name="app_code_versions_appId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["messageId"],
            ["app_messages.id"],
            name="app_code_versions_messageId_fkey",
            ondelete="SET NULL",
            onupdate="CASCADE",
        ),
        comment="The code of an app as a message left it.",
    )
    op.create_index(
        "app_code_versions_appId_createdAt_idx", "app_code_versions", ["appId", "createdAt"]
    )
    op.create_index("app_code_versions_hash_idx", "app_code_versions", ["hash"])
    op.create_table(
        "sandbox_jobs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("appId", sa.Text(), nullable=False),
        sa.Column("messageId", sa.Text(), nullable=False),
        sa.Column("sandboxId", sa.Text()),
        sa.Column("requestId", sa.Text()),
        sa.Column("status", enum("SandboxJobStatus"), server_default="PENDING", nullable=False),
        sa.Column("result", JSONB()),
        sa.Column("error", sa.Text()),
        sa.Column("startedAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("completedAt", TIME),
        sa.PrimaryKeyConstraint("id", name="sandbox_jobs_pkey"),
        sa.UniqueConstraint("messageId", name="sandbox_jobs_messageId_key"),
        sa.ForeignKeyConstraint(
            ["appId"],
            ["apps.id"],
            name="sandbox_jobs_appId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="One run of an agent in a sandbox, started by a message.",
    )
    op.create_index("sandbox_jobs_appId_startedAt_idx", "sandbox_jobs", ["appId", "startedAt"])
    op.create_index("sandbox_jobs_status_idx", "sandbox_jobs", ["status"])
    op.create_index("sandbox_jobs_sandboxId_idx", "sandbox_jobs", ["sandboxId"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("sandbox_jobs")
    op.drop_table("app_code_versions")
    op.drop_table("app_attachments")
    op.drop_table("app_images")
    op.drop_table("app_status_history")
    op.drop_table("app_messages")
    op.drop_table("monetization_models")
    op.drop_table("requirements")
    op.drop_table("apps")
    drop_enums(
        "AppBuildStatus",
        "AppMessageRole",
        "MonetizationType",
        "RequirementPriority",
        "RequirementStatus",
        "SandboxJobStatus",
        "SubscriptionInterval",
    )
