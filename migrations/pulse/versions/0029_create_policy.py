"""Check content against rules.

3 new tables. Making the foreign keys locks users and workspaces against writes for an instant.
The downgrade loses every row of them.

Revision ID: 0029
Revises: 0028
Create Date: 2025-08-21 10:00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.pulse.column_types import TIME, create_enum, drop_enums, enum

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_enum(
        "PolicyCategory",
        "CONTENT_GUIDELINES",
        "AD_COMPLIANCE",
        "CHARACTER_LIMITS",
        "PROHIBITED_CONTENT",
        "CLAIMS_RESTRICTIONS",
        "BRAND_SAFETY",
        "ACCESSIBILITY",
        "HASHTAG_RULES",
        "LINK_POLICIES",
        "MEDIA_REQUIREMENTS",
    )
    create_enum("PolicyCheckResult", "PASSED", "PASSED_WITH_WARNINGS", "FAILED", "BLOCKED")
    create_enum("PolicyCheckScope", "FULL", "QUICK", "CUSTOM")
    create_enum("PolicyCheckStatus", "PENDING", "IN_PROGRESS", "COMPLETED", "FAILED")
    create_enum("PolicyContentType", "POST", "AD", "COMMENT", "MESSAGE", "BIO", "STORY")
    create_enum(
        "PolicyRuleType",
        "KEYWORD_MATCH",
        "REGEX_PATTERN",
        "CHARACTER_COUNT",
        "MEDIA_CHECK",
        "LINK_VALIDATION",
        "NLP_CLASSIFICATION",
        "CUSTOM_LOGIC",
    )
    create_enum("PolicySeverity", "INFO", "WARNING", "ERROR", "CRITICAL")
    op.create_table(
        "policy_rules",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspaceId", sa.Text()),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("platform", enum("SocialPlatform")),
        sa.Column("category", enum("PolicyCategory"), nullable=False),
        sa.Column("ruleType", enum("PolicyRuleType"), nullable=False),
        sa.Column("conditions", JSONB(), nullable=False),
        sa.Column("severity", enum("PolicySeverity"), server_default="WARNING", nullable=False),
        sa.Column("isBlocking", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("isActive", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("sourceUrl", sa.Text()),
        sa.Column("lastVerifiedAt", TIME),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="policy_rules_pkey"),
        sa.UniqueConstraint(
            "workspaceId", "platform", "name", name="policy_rules_workspaceId_platform_name_key"
        ),
        sa.ForeignKeyConstraint(
            ["workspaceId"],
            ["workspaces.id"],
            name="policy_rules_workspaceId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A rule on content, for one network or all, of one workspace or all.",
    )
    op.create_index("policy_rules_workspaceId_idx", "policy_rules", ["workspaceId"])
    op.create_index("policy_rules_platform_idx", "policy_rules", ["platform"])
    op.create_index("policy_rules_category_idx", "policy_rules", ["category"])
    op.create_index("policy_rules_isActive_idx", "policy_rules", ["isActive"])
    op.create_table(
        "policy_checks",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspaceId", sa.Text(), nullable=False),
        sa.Column("contentType", enum("PolicyContentType"), nullable=False),
        sa.Column("contentId", sa.Text()),
        sa.Column("contentText", sa.Text(), nullable=False),
        sa.Column("contentMetadata", JSONB()),
        sa.Column("platform", enum("SocialPlatform")),
        sa.Column("checkScope", enum("PolicyCheckScope"), server_default="FULL", nullable=False),
        sa.Column("status", enum("PolicyCheckStatus"), server_default="PENDING", nullable=False),
        sa.Column("passedRules", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("failedRules", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("warningRules", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("overallResult", enum("PolicyCheckResult")),
        sa.Column("summary", sa.Text()),
        sa.Column("startedAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("completedAt", TIME),
        sa.Column("durationMs", sa.Integer()),
        sa.Column("checkedById", sa.Text()),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="policy_checks_pkey"),
        sa.ForeignKeyConstraint(
            ["workspaceId"],
            ["workspaces.id"],
            name="policy_checks_workspaceId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["checkedById"],
            ["users.id"],
            name="policy_checks_checkedById_fkey",
            ondelete="SET NULL",
            onupdate="CASCADE",
        ),
        comment="One look at a piece of content, with the verdict.",
    )
    op.create_index(
        "policy_checks_workspaceId_createdAt_idx", "policy_checks", ["workspaceId", "createdAt"]
    )
    op.create_index(
        "policy_checks_contentType_contentId_idx", "policy_checks", ["contentType", "contentId"]
    )
    op.create_index("policy_checks_status_idx", "policy_checks", ["status"])
    op.create_index("policy_checks_overallResult_idx", "policy_checks", ["overallResult"])
    op.create_table(
        "policy_violations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("checkId", sa.Text(), nullable=False),
        sa.Column("ruleId", sa.Text(), nullable=False),
        sa.Column("workspaceId", sa.Text(), nullable=False),
        sa.Column("severity", enum("PolicySeverity"), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("matchedContent", sa.Text()),
        sa.Column("matchLocation", JSONB()),
        sa.Column("confidence", sa.Double()),
        sa.Column("suggestedFix", sa.Text()),
        sa.Column("isOverridden", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("overriddenById", sa.Text()),
        sa.Column("overrideReason", sa.Text()),
        sa.Column("overriddenAt", TIME),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="policy_violations_pkey"),
        sa.ForeignKeyConstraint(
            ["checkId"],
            ["policy_checks.id"],
            name="policy_violations_checkId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["ruleId"],
            ["policy_rules.id"],
            name="policy_violations_ruleId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspaceId"],
            ["workspaces.id"],
            name="policy_violations_workspaceId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["overriddenById"],
            ["users.id"],
            name="policy_violations_overriddenById_fkey",
            ondelete="SET NULL",
            onupdate="CASCADE",
        ),
        comment="A rule that a check found broken, where, and what would mend it.",
    )
    op.create_index("policy_violations_checkId_idx", "policy_violations", ["checkId"])
    op.create_index("policy_violations_ruleId_idx", "policy_violations", ["ruleId"])
    op.create_index(
        "policy_violations_workspaceId_createdAt_idx",
        "policy_violations",
        ["workspaceId", "createdAt"],
    )
    op.create_index("policy_violations_severity_idx", "policy_violations", ["severity"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("policy_violations")
    op.drop_table("policy_checks")
    op.drop_table("policy_rules")
    drop_enums(
        "PolicyCategory",
        "PolicyCheckResult",
        "PolicyCheckScope",
        "PolicyCheckStatus",
        "PolicyContentType",
        "PolicyRuleType",
        "PolicySeverity",
    )
