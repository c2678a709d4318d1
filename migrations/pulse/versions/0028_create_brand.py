"""Hold a brand's voice.

4 new tables. Making the foreign keys locks users and workspaces against writes for an instant.
The downgrade loses every row of them.

Revision ID: 0028
Revises: 0027
Create Date: 2025-08-12 08:20:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.pulse.column_types import TIME, create_enum, drop_enums, enum

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_enum("ContentPlatform", "TWITTER", "LINKEDIN", "INSTAGRAM", "FACEBOOK", "GENERAL")
    create_enum("GuardrailSeverity", "LOW", "MEDIUM", "HIGH", "CRITICAL")
    create_enum("GuardrailType", "PROHIBITED_TOPIC", "REQUIRED_DISCLOSURE", "CONTENT_WARNING")
    create_enum("RewriteStatus", "PENDING", "PROCESSING", "COMPLETED", "FAILED")
    create_enum("VocabularyType", "PREFERRED", "BANNED", "REPLACEMENT")
    op.create_table(
        "brand_profiles",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspaceId", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("mission", sa.Text()),
        sa.Column("values", JSONB()),
        sa.Column("toneDescriptors", JSONB()),
        sa.Column("logoUrl", sa.Text()),
        sa.Column("logoR2Key", sa.Text()),
        sa.Column("colorPalette", JSONB()),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("isActive", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("createdById", sa.Text(), nullable=False),
        sa.Column("updatedById", sa.Text()),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="brand_profiles_pkey"),
        sa.UniqueConstraint("workspaceId", name="brand_profiles_workspaceId_key"),
        sa.ForeignKeyConstraint(
            ["workspaceId"],
            ["workspaces.id"],
            name="brand_profiles_workspaceId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["createdById"],
            ["users.id"],
            name="brand_profiles_createdById_fkey",
            ondelete="RESTRICT",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["updatedById"],
            ["users.id"],
            name="brand_profiles_updatedById_fkey",
            ondelete="SET NULL",
            onupdate="CASCADE",
        ),
        comment="A workspace's mission, values, tone and colours.",
    )
    op.create_index("brand_profiles_workspaceId_idx", "brand_profiles", ["workspaceId"])
    op.create_index("brand_profiles_isActive_idx", "brand_profiles", ["isActive"])
    op.create_index("brand_profiles_createdById_idx", "brand_profiles", ["createdById"])
    op.create_table(
        "brand_guardrails",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("brandProfileId", sa.Text(), nullable=False),
        sa.Column("type", enum("GuardrailType"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("severity", enum("GuardrailSeverity"), server_default="MEDIUM", nullable=False),
        sa.Column("ruleConfig", JSONB()),
        sa.Column("isActive", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="brand_guardrails_pkey"),
        sa.ForeignKeyConstraint(
            ["brandProfileId"],
            ["brand_profiles.id"],
            name="brand_guardrails_brandProfileId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A limit on what may be said in a brand's name.",
    )
    op.create_index("brand_guardrails_brandProfileId_idx", "brand_guardrails", ["brandProfileId"])
    op.create_index(
        "brand_guardrails_brandProfileId_type_idx", "brand_guardrails", ["brandProfileId", "type"]
    )
    op.create_index(
        "brand_guardrails_brandProfileId_isActive_idx",
        "brand_guardrails",
        ["brandProfileId", "isActive"],
    )
    op.create_index("brand_guardrails_type_severity_idx", "brand_guardrails", ["type", "severity"])
    op.create_table(
        "brand_vocabulary",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("brandProfileId", sa.Text(), nullable=False),
        sa.Column("type", enum("VocabularyType"), nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("replacement", sa.Text()),
        sa.Column("context", sa.Text()),
        sa.Column("isActive", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="brand_vocabulary_pkey"),
        sa.ForeignKeyConstraint(
            ["brandProfileId"],
            ["brand_profiles.id"],
            name="brand_vocabulary_brandProfileId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A word that a brand prefers, avoids or replaces.",
    )
    op.create_index("brand_vocabulary_brandProfileId_idx", "brand_vocabulary", ["brandProfileId"])
    op.create_index(
        "brand_vocabulary_brandProfileId_type_idx", "brand_vocabulary", ["brandProfileId", "type"]
    )
    op.create_index(
        "brand_vocabulary_brandProfileId_isActive_idx",
        "brand_vocabulary",
        ["brandProfileId", "isActive"],
    )
    op.create_index("brand_vocabulary_term_idx", "brand_vocabulary", ["term"])
    op.create_table(
        "content_rewrites",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspaceId", sa.Text(), nullable=False),
        sa.Column("brandProfileId", sa.Text(), nullable=False),
        sa.Column("originalContent", sa.Text(), nullable=False),
        sa.Column("rewrittenContent", sa.Text()),
        sa.Column("platform", enum("ContentPlatform"), server_default="GENERAL", nullable=False),
        sa.Column("status", enum("RewriteStatus"), server_default="PENDING", nullable=False),
        sa.Column("characterLimit", sa.Integer()),
        sa.Column("changes", JSONB()),
        sa.Column("toneAnalysis", JSONB()),
        sa.Column("errorMessage", sa.Text()),
        sa.Column("processedAt", TIME),
        sa.Column("createdById", sa.Text(), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="content_rewrites_pkey"),
        sa.ForeignKeyConstraint(
            ["workspaceId"],
            ["workspaces.id"],
            name="content_rewrites_workspaceId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["brandProfileId"],
            ["brand_profiles.id"],
            name="content_rewrites_brandProfileId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["createdById"],
            ["users.id"],
            name="content_rewrites_createdById_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A text rewritten in a brand's tone.",
    )
    op.create_index("content_rewrites_workspaceId_idx", "content_rewrites", ["workspaceId"])
    op.create_index("content_rewrites_brandProfileId_idx", "content_rewrites", ["brandProfileId"])
    op.create_index("content_rewrites_createdById_idx", "content_rewrites", ["createdById"])
    op.create_index("content_rewrites_status_idx", "content_rewrites", ["status"])
    op.create_index("content_rewrites_createdAt_idx", "content_rewrites", ["createdAt"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("content_rewrites")
    op.drop_table("brand_vocabulary")
    op.drop_table("brand_guardrails")
    op.drop_table("brand_profiles")
    drop_enums(
        "ContentPlatform", "GuardrailSeverity", "GuardrailType", "RewriteStatus", "VocabularyType"
    )
