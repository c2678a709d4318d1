"""Know people: sign-ins, tokens, keys, traces.

9 new tables. Nothing that exists is touched. The downgrade loses every row of them.

Revision ID: 0001
Revises:
Create Date: 2025-03-12 09:25:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.pulse.column_types import TIME, create_enum, drop_enums, enum

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_enum(
        "EmailStatus", "PENDING", "SENT", "DELIVERED", "OPENED", "CLICKED", "BOUNCED", "FAILED"
    )
    create_enum("FeedbackStatus", "NEW", "REVIEWED", "RESOLVED", "DISMISSED")
    create_enum("FeedbackType", "BUG", "IDEA", "OTHER")
    create_enum("IdentifierType", "VISITOR_ID", "USER_ID", "EMAIL")
    create_enum("UserRole", "USER", "ADMIN", "SUPER_ADMIN")
    op.create_table(
        "users",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("email", sa.Text()),
        sa.Column("emailVerified", TIME),
        sa.Column("image", sa.Text()),
        sa.Column("stripeCustomerId", sa.Text()),
        sa.Column("role", enum("UserRole"), server_default="USER", nullable=False),
        sa.Column("referralCode", sa.Text()),
        sa.Column("referredById", sa.Text()),
        sa.Column("referralCount", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("passwordHash", sa.Text()),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="users_pkey"),
        sa.UniqueConstraint("email", name="users_email_key"),
        sa.UniqueConstraint("stripeCustomerId", name="users_stripeCustomerId_key"),
        sa.UniqueConstraint("referralCode", name="users_referralCode_key"),
        sa.ForeignKeyConstraint(
            ["referredById"],
            ["users.id"],
            name="users_referredById_fkey",
            ondelete="SET NULL",
            onupdate="CASCADE",
        ),
        comment="A person who can sign in.",
    )
    op.create_table(
        "accounts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("providerAccountId", sa.Text(), nullable=False),
        sa.Column("refresh_token", sa.Text()),
        sa.Column("access_token", sa.Text()),
        sa.Column("expires_at", sa.Integer()),
        sa.Column("token_type", sa.Text()),
        sa.Column("scope", sa.Text()),
        sa.Column("id_token", sa.Text()),
        sa.Column("session_state", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="accounts_pkey"),
        sa.UniqueConstraint(
            "provider", "providerAccountId", name="accounts_provider_providerAccountId_key"
        ),
        sa.ForeignKeyConstraint(
            ["userId"],
            ["users.id"],
            name="accounts_userId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A sign-in of a user at an outside provider, with the tokens it gave.",
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("sessionToken", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("expires", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="sessions_pkey"),
        sa.UniqueConstraint("sessionToken", name="sessions_sessionToken_key"),
        sa.ForeignKeyConstraint(
            ["userId"],
            ["users.id"],
            name="sessions_userId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A signed-in browser, known by its token until it expires.",
    )
    op.create_table(
        "verification_tokens",
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("expires", TIME, nullable=False),
        sa.UniqueConstraint("identifier", "token", name="verification_tokens_identifier_token_key"),
        sa.UniqueConstraint("token", name="verification_tokens_token_key"),
        comment="A one-time token that proves an address or a device.",
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("keyHash", sa.Text(), nullable=False),
        sa.Column("keyPrefix", sa.Text(), nullable=False),
        sa.Column("lastUsedAt", TIME),
        sa.Column("isActive", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="api_keys_pkey"),
        sa.UniqueConstraint("keyHash", name="api_keys_keyHash_key"),
        sa.ForeignKeyConstraint(
            ["userId"],
            ["users.id"],
            name="api_keys_userId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A key that programs of a user call the platform with; only its hash is kept.",
    )
    op.create_index("api_keys_userId_isActive_idx", "api_keys", ["userId", "isActive"])
    op.create_index("api_keys_keyHash_idx", "api_keys", ["keyHash"])
    op.create_table(
        "identities",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text()),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="identities_pkey"),
        sa.UniqueConstraint("userId", name="identities_userId_key"),
        sa.ForeignKeyConstraint(
            ["userId"],
            ["users.id"],
            name="identities_userId_fkey",
            ondelete="SET NULL",
            onupdate="CASCADE",
        ),
        comment="One person behind several traces, tied to a user once they sign up.",
    )
    op.create_index("identities_userId_idx", "identities", ["userId"])
    op.create_table(
        "identifiers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("identityId", sa.Text(), nullable=False),
        sa.Column("type", enum("IdentifierType"), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="identifiers_pkey"),
        sa.UniqueConstraint("type", "value", name="identifiers_type_value_key"),
        sa.ForeignKeyConstraint(
            ["identityId"],
            ["identities.id"],
            name="identifiers_identityId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="One trace of an identity: a visitor, a user or an address.",
    )
    op.create_index("identifiers_identityId_idx", "identifiers", ["identityId"])
    op.create_table(
        "email_logs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("to", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("status", enum("EmailStatus"), server_default="SENT", nullable=False),
        sa.Column("resendId", sa.Text()),
        sa.Column("sentAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("openedAt", TIME),
        sa.Column("clickedAt", TIME),
        sa.Column("bouncedAt", TIME),
        sa.Column("metadata", JSONB()),
        sa.PrimaryKeyConstraint("id", name="email_logs_pkey"),
        sa.UniqueConstraint("resendId", name="email_logs_resendId_key"),
        sa.ForeignKeyConstraint(
            ["userId"],
            ["users.id"],
            name="email_logs_userId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A message sent to a user, and how far it got.",
    )
    op.create_index("email_logs_userId_idx", "email_logs", ["userId"])
    op.create_index("email_logs_status_idx", "email_logs", ["status"])
    op.create_index("email_logs_sentAt_idx", "email_logs", ["sentAt"])
    op.create_index("email_logs_template_idx", "email_logs", ["template"])
    op.create_table(
        "feedback",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text()),
        sa.Column("email", sa.Text()),
        sa.Column("type", enum("FeedbackType"), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("userAgent", sa.Text()),
        sa.Column("status", enum("FeedbackStatus"), server_default="NEW", nullable=False),
        sa.Column("adminNote", sa.Text()),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="feedback_pkey"),
        sa.ForeignKeyConstraint(
            ["userId"],
            ["users.id"],
            name="feedback_userId_fkey",
            ondelete="SET NULL",
            onupdate="CASCADE",
        ),
        comment="What somebody reported about a page, signed in or not.",
    )
    op.create_index("feedback_userId_idx", "feedback", ["userId"])
    op.create_index("feedback_status_idx", "feedback", ["status"])
    op.create_index("feedback_type_idx", "feedback", ["type"])
    op.create_index("feedback_createdAt_idx", "feedback", ["createdAt"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("feedback")
    op.drop_table("email_logs")
    op.drop_table("identifiers")
    op.drop_table("identities")
    op.drop_table("api_keys")
    op.drop_table("verification_tokens")
    op.drop_table("sessions")
    op.drop_table("accounts")
    op.drop_table("users")
    drop_enums("EmailStatus", "FeedbackStatus", "FeedbackType", "IdentifierType", "UserRole")
