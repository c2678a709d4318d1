"""Sell and spend tokens.

9 new tables. Making the foreign keys locks users against writes for an instant. The downgrade
loses every row of them.

Revision ID: 0002
Revises: 0001
Create Date: 2025-03-15 10:15:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.pulse.column_types import TIME, create_enum, drop_enums, enum

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_enum("ReferralStatus", "PENDING", "COMPLETED", "INVALID")
    create_enum("StripePaymentStatus", "PENDING", "SUCCEEDED", "FAILED", "REFUNDED")
    create_enum("SubscriptionStatus", "ACTIVE", "CANCELED", "PAST_DUE", "UNPAID", "TRIALING")
    create_enum("SubscriptionTier", "FREE", "BASIC", "STANDARD", "PREMIUM")
    create_enum(
        "TokenTransactionType",
        "EARN_REGENERATION",
        "EARN_PURCHASE",
        "EARN_BONUS",
        "EARN_ADMIN_ADJUSTMENT",
        "SPEND_ENHANCEMENT",
        "SPEND_MCP_GENERATION",
        "SPEND_BOX_CREATION",
        "SPEND_APP_MESSAGE",
        "REFUND",
    )
    create_enum("VoucherStatus", "ACTIVE", "INACTIVE", "EXPIRED", "DEPLETED")
    create_enum("VoucherType", "FIXED_TOKENS", "PERCENTAGE_BONUS", "SUBSCRIPTION_TRIAL")
    op.create_table(
        "user_token_balances",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("balance", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "lastRegeneration", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False
        ),
        sa.Column("tier", enum("SubscriptionTier"), server_default="FREE", nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="user_token_balances_pkey"),
        sa.UniqueConstraint("userId", name="user_token_balances_userId_key"),
        sa.ForeignKeyConstraint(
            ["userId"],
            ["users.id"],
            name="user_token_balances_userId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="How many tokens a user has now.",
    )
    op.create_index("user_token_balances_userId_idx", "user_token_balances", ["userId"])
    op.create_index("user_token_balances_tier_idx", "user_token_balances", ["tier"])
    op.create_table(
        "token_transactions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("type", enum("TokenTransactionType"), nullable=False),
        sa.Column("source", sa.Text()),
        sa.Column("sourceId", sa.Text()),
        sa.Column("balanceAfter", sa.Integer(), nullable=False),
        sa.Column("metadata", JSONB()),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="token_transactions_pkey"),
        sa.ForeignKeyConstraint(
            ["userId"],
            ["users.id"],
            name="token_transactions_userId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="One movement of a user's tokens, with the balance it left.",
    )
    op.create_index(
        "token_transactions_userId_createdAt_idx", "token_transactions", ["userId", "createdAt"]
    )
    op.create_index("token_transactions_sourceId_idx", "token_transactions", ["sourceId"])
    op.create_table(
        "tokens_packages",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tokens", sa.Integer(), nullable=False),
        sa.Column("priceUSD", sa.Numeric(10, 2), nullable=False),
        sa.Column("stripePriceId", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("sortOrder", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="tokens_packages_pkey"),
        sa.UniqueConstraint("stripePriceId", name="tokens_packages_stripePriceId_key"),
        comment="A bundle of tokens on sale.",
    )
    op.create_index(
        "tokens_packages_active_sortOrder_idx", "tokens_packages", ["active", "sortOrder"]
    )
    op.create_table(
        "stripe_payments",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("packageId", sa.Text(), nullable=False),
        sa.Column("tokensGranted", sa.Integer(), nullable=False),
        sa.Column("amountUSD", sa.Numeric(10, 2), nullable=False),
        sa.Column("stripePaymentIntentId", sa.Text(), nullable=False),
        sa.Column("status", enum("StripePaymentStatus"), nullable=False),
        sa.Column("metadata", JSONB()),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="stripe_payments_pkey"),
        sa.UniqueConstraint(
            "stripePaymentIntentId", name="stripe_payments_stripePaymentIntentId_key"
        ),
        sa.ForeignKeyConstraint(
            ["packageId"],
            ["tokens_packages.id"],
            name="stripe_payments_packageId_fkey",
            ondelete="RESTRICT",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["userId"],
            ["users.id"],
            name="stripe_payments_userId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A payment for a package, as Stripe reports it.",
    )
    op.create_index(
        "stripe_payments_userId_createdAt_idx", "stripe_payments", ["userId", "createdAt"]
    )
    op.create_index(
        "stripe_payments_stripePaymentIntentId_idx", "stripe_payments", ["stripePaymentIntentId"]
    )
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("stripeSubscriptionId", sa.Text(), nullable=False),
        sa.Column("stripePriceId", sa.Text(), nullable=False),
        sa.Column("status", enum("SubscriptionStatus"), nullable=False),
        sa.Column("tier", enum("SubscriptionTier"), server_default="BASIC", nullable=False),
        sa.Column("currentPeriodStart", TIME, nullable=False),
        sa.Column("currentPeriodEnd", TIME, nullable=False),
        sa.Column(
            "cancelAtPeriodEnd", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column("downgradeTo", enum("SubscriptionTier")),
        sa.Column("tokensPerMonth", sa.Integer(), nullable=False),
        sa.Column("rolloverTokens", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("maxRollover", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="subscriptions_pkey"),
        sa.UniqueConstraint("userId", name="subscriptions_userId_key"),
        sa.UniqueConstraint("stripeSubscriptionId", name="subscriptions_stripeSubscriptionId_key"),
        sa.ForeignKeyConstraint(
            ["userId"],
            ["users.id"],
            name="subscriptions_userId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A user's running plan and its paid period.",
    )
    op.create_index(
        "subscriptions_stripeSubscriptionId_idx", "subscriptions", ["stripeSubscriptionId"]
    )
    op.create_index("subscriptions_status_idx", "subscriptions", ["status"])
    op.create_index("subscriptions_tier_idx", "subscriptions", ["tier"])
    op.create_table(
        "subscription_plans",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tokensPerMonth", sa.Integer(), nullable=False),
        sa.Column("priceGBP", sa.Numeric(10, 2), nullable=False),
        sa.Column("stripePriceId", sa.Text(), nullable=False),
        sa.Column("maxRollover", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("priority", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("apiAccess", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("sortOrder", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="subscription_plans_pkey"),
        sa.UniqueConstraint("stripePriceId", name="subscription_plans_stripePriceId_key"),
        comment="A plan on sale: what it costs and what it grants each month.",
    )
    op.create_index(
        "subscription_plans_active_sortOrder_idx", "subscription_plans", ["active", "sortOrder"]
    )
    op.create_table(
        "vouchers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("type", enum("VoucherType"), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("maxUses", sa.Integer()),
        sa.Column("currentUses", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("expiresAt", TIME),
        sa.Column("status", enum("VoucherStatus"), server_default="ACTIVE", nullable=False),
        sa.Column("metadata", JSONB()),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="vouchers_pkey"),
        sa.UniqueConstraint("code", name="vouchers_code_key"),
        comment="A code that grants tokens or a trial.",
    )
    op.create_index("vouchers_code_idx", "vouchers", ["code"])
    op.create_index("vouchers_status_expiresAt_idx", "vouchers", ["status", "expiresAt"])
    op.create_table(
        "voucher_redemptions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("voucherId", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("tokensGranted", sa.Integer(), nullable=False),
        sa.Column("redeemedAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="voucher_redemptions_pkey"),
        sa.UniqueConstraint("voucherId", "userId", name="voucher_redemptions_voucherId_userId_key"),
        sa.ForeignKeyConstraint(
            ["userId"],
            ["users.id"],
            name="voucher_redemptions_userId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["voucherId"],
            ["vouchers.id"],
            name="voucher_redemptions_voucherId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="One use of a voucher; a user can use each of them once.",
    )
    op.create_index(
        "voucher_redemptions_userId_redeemedAt_idx", "voucher_redemptions", ["userId", "redeemedAt"]
    )
    op.create_index("voucher_redemptions_voucherId_idx", "voucher_redemptions", ["voucherId"])
    op.create_table(
        "referrals",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("referrerId", sa.Text(), nullable=False),
        sa.Column("refereeId", sa.Text(), nullable=False),
        sa.Column("status", enum("ReferralStatus"), server_default="PENDING", nullable=False),
        sa.Column("tokensGranted", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("ipAddress", sa.Text()),
        sa.Column("completedAt", TIME),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="referrals_pkey"),
        sa.UniqueConstraint("referrerId", "refereeId", name="referrals_referrerId_refereeId_key"),
        sa.ForeignKeyConstraint(
            ["refereeId"],
            ["users.id"],
            name="referrals_refereeId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["referrerId"],
            ["users.id"],
            name="referrals_referrerId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="One user brought another, and what that earned them.",
    )
    op.create_index("referrals_referrerId_status_idx", "referrals", ["referrerId", "status"])
    op.create_index("referrals_refereeId_idx", "referrals", ["refereeId"])
    op.create_index("referrals_status_createdAt_idx", "referrals", ["status", "createdAt"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("referrals")
    op.drop_table("voucher_redemptions")
    op.drop_table("vouchers")
    op.drop_table("subscription_plans")
    op.drop_table("subscriptions")
    op.drop_table("stripe_payments")
    op.drop_table("tokens_packages")
    op.drop_table("token_transactions")
    op.drop_table("user_token_balances")
    drop_enums(
        "ReferralStatus",
        "StripePaymentStatus",
        "SubscriptionStatus",
        "SubscriptionTier",
        "TokenTransactionType",
        "VoucherStatus",
        "VoucherType",
    )
