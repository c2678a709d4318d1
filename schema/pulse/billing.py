"""Billing: tokens that users earn and spend, what they pay, vouchers and referrals."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Index, UniqueConstraint, false, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schema.pulse.base import (
    CURRENT_TIMESTAMP,
    Base,
    Created,
    Identified,
    JsonObject,
    Money,
    Updated,
    database_enum,
    reference,
)

if TYPE_CHECKING:
    from schema.pulse.accounts import User


@database_enum
class ReferralStatus(StrEnum):
    """Where a referral stands."""

    PENDING = "PENDING"
    COMPLETED = "COMPLETED"
    INVALID = "INVALID"


@database_enum
class StripePaymentStatus(StrEnum):
    """Where a payment stands."""

    PENDING = "PENDING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    REFUNDED = "REFUNDED"


@database_enum
class SubscriptionStatus(StrEnum):
    """The state of a subscription, in Stripe's words."""

    ACTIVE = "ACTIVE"
    CANCELED = "CANCELED"
    PAST_DUE = "PAST_DUE"
    UNPAID = "UNPAID"
    TRIALING = "TRIALING"


@database_enum
class SubscriptionTier(StrEnum):
    """A user's plan."""

    FREE = "FREE"
    BASIC = "BASIC"
    STANDARD = "STANDARD"
    PREMIUM = "PREMIUM"


@database_enum
class TokenTransactionType(StrEnum):
    """Why tokens moved."""

    EARN_REGENERATION = "EARN_REGENERATION"
    EARN_PURCHASE = "EARN_PURCHASE"
    EARN_BONUS = "EARN_BONUS"
    EARN_ADMIN_ADJUSTMENT = "EARN_ADMIN_ADJUSTMENT"
    SPEND_ENHANCEMENT = "SPEND_ENHANCEMENT"
    SPEND_MCP_GENERATION = "SPEND_MCP_GENERATION"
    SPEND_BOX_CREATION = "SPEND_BOX_CREATION"
    SPEND_APP_MESSAGE = "SPEND_APP_MESSAGE"
    REFUND = "REFUND"


@database_enum
class VoucherStatus(StrEnum):
    """Whether a voucher can be used."""

    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"
    EXPIRED = "EXPIRED"
    DEPLETED = "DEPLETED"


@database_enum
class VoucherType(StrEnum):
    """What a voucher grants."""

    FIXED_TOKENS = "FIXED_TOKENS"
    PERCENTAGE_BONUS = "PERCENTAGE_BONUS"
    SUBSCRIPTION_TRIAL = "SUBSCRIPTION_TRIAL"


class UserTokenBalance(Identified, Created, Updated, Base):
    """How many tokens a user has now."""

    __tablename__ = "user_token_balances"
    __table_args__ = (Index(None, "userId"),)

    userId: Mapped[str] = mapped_column(reference("users.id", ondelete="CASCADE"), unique=True)
    balance: Mapped[int] = mapped_column(server_default=text("0"))
    lastRegeneration: Mapped[datetime] = mapped_column(server_default=CURRENT_TIMESTAMP)
    tier: Mapped[SubscriptionTier] = mapped_column(server_default=SubscriptionTier.FREE, index=True)

    user: Mapped["User"] = relationship()


class TokenTransaction(Identified, Created, Base):
    """One movement of a user's tokens, with the balance it left."""

    __tablename__ = "token_transactions"
    __table_args__ = (Index(None, "userId", "createdAt"),)

    userId: Mapped[str] = mapped_column(reference("users.id", ondelete="CASCADE"))
    amount: Mapped[int]
    type: Mapped[TokenTransactionType]
    source: Mapped[str | None]
    sourceId: Mapped[str | None] = mapped_column(index=True)
    balanceAfter: Mapped[int]
    metadata_: Mapped[JsonObject | None] = mapped_column("metadata")

    user: Mapped["User"] = relationship()


class TokensPackage(Identified, Created, Updated, Base):
    """A bundle of tokens on sale."""

    __tablename__ = "tokens_packages"
    __table_args__ = (Index(None, "active", "sortOrder"),)

    name: Mapped[str]
    tokens: Mapped[int]
    priceUSD: Mapped[Money]
    stripePriceId: Mapped[str] = mapped_column(unique=True)
    active: Mapped[bool] = mapped_column(server_default=true())
    sortOrder: Mapped[int] = mapped_column(server_default=text("0"))

    payments: Mapped[list["StripePayment"]] = relationship(
        back_populates="package", passive_deletes="all"
    )


class StripePayment(Identified, Created, Updated, Base):
    """A payment for a package, as Stripe reports it."""

    __tablename__ = "stripe_payments"
    __table_args__ = (
        Index(None, "userId", "createdAt"),
        Index(None, "stripePaymentIntentId"),
    )

    userId: Mapped[str] = mapped_column(reference("users.id", ondelete="CASCADE"))
    packageId: Mapped[str] = mapped_column(reference("tokens_packages.id", ondelete="RESTRICT"))
    tokensGranted: Mapped[int]
    amountUSD: Mapped[Money]
    stripePaymentIntentId: Mapped[str] = mapped_column(unique=True)
    status: Mapped[StripePaymentStatus]
    metadata_: Mapped[JsonObject | None] = mapped_column("metadata")

    package: Mapped["TokensPackage"] = relationship(back_populates="payments")
    user: Mapped["User"] = relationship()


class Subscription(Identified, Created, Updated, Base):
    """A user's running plan and its paid period."""

    __tablename__ = "subscriptions"
    __table_args__ = (Index(None, "stripeSubscriptionId"),)

    userId: Mapped[str] = mapped_column(reference("users.id", ondelete="CASCADE"), unique=True)
    stripeSubscriptionId: Mapped[str] = mapped_column(unique=True)
    stripePriceId: Mapped[str]
    status: Mapped[SubscriptionStatus] = mapped_column(index=True)
    tier: Mapped[SubscriptionTier] = mapped_column(
        server_default=SubscriptionTier.BASIC, index=True
    )
    currentPeriodStart: Mapped[datetime]
    currentPeriodEnd: Mapped[datetime]
    cancelAtPeriodEnd: Mapped[bool] = mapped_column(server_default=false())
    downgradeTo: Mapped[SubscriptionTier | None]
    tokensPerMonth: Mapped[int]
    rolloverTokens: Mapped[int] = mapped_column(server_default=text("0"))
    maxRollover: Mapped[int] = mapped_column(server_default=text("0"))

    user: Mapped["User"] = relationship()


class SubscriptionPlan(Identified, Created, Updated, Base):
    """A plan on sale: what it costs and what it grants each month."""

    __tablename__ = "subscription_plans"
    __table_args__ = (Index(None, "active", "sortOrder"),)

    name: Mapped[str]
    tokensPerMonth: Mapped[int]
    priceGBP: Mapped[Money]
    stripePriceId: Mapped[str] = mapped_column(unique=True)
    maxRollover: Mapped[int] = mapped_column(server_default=text("0"))
    priority: Mapped[bool] = mapped_column(server_default=false())
    apiAccess: Mapped[bool] = mapped_column(server_default=false())
    active: Mapped[bool] = mapped_column(server_default=true())
    sortOrder: Mapped[int] = mapped_column(server_default=text("0"))


class Voucher(Identified, Created, Updated, Base):
    """A code that grants tokens or a trial."""

    __tablename__ = "vouchers"
    __table_args__ = (
        Index(None, "code"),
        Index(None, "status", "expiresAt"),
    )

    code: Mapped[str] = mapped_column(unique=True)
    type: Mapped[VoucherType]
    value: Mapped[int]
    maxUses: Mapped[int | None]
    currentUses: Mapped[int] = mapped_column(server_default=text("0"))
    expiresAt: Mapped[datetime | None]
    status: Mapped[VoucherStatus] = mapped_column(server_default=VoucherStatus.ACTIVE)
    metadata_: Mapped[JsonObject | None] = mapped_column("metadata")

    redemptions: Mapped[list["VoucherRedemption"]] = relationship(
        back_populates="voucher", passive_deletes="all"
    )


class VoucherRedemption(Identified, Base):
    """One use of a voucher; a user can use each of them once."""

    __tablename__ = "voucher_redemptions"
    __table_args__ = (
        UniqueConstraint("voucherId", "userId"),
        Index(None, "userId", "redeemedAt"),
    )

    voucherId: Mapped[str] = mapped_column(reference("vouchers.id", ondelete="CASCADE"), index=True)
    userId: Mapped[str] = mapped_column(reference("users.id", ondelete="CASCADE"))
    tokensGranted: Mapped[int]
    redeemedAt: Mapped[datetime] = mapped_column(server_default=CURRENT_TIMESTAMP)

    user: Mapped["User"] = relationship()
    voucher: Mapped["Voucher"] = relationship(back_populates="redemptions")


class Referral(Identified, Created, Base):
    """One user brought another, and what that earned them."""

    __tablename__ = "referrals"
    __table_args__ = (
        UniqueConstraint("referrerId", "refereeId"),
        Index(None, "referrerId", "status"),
        Index(None, "status", "createdAt"),
    )

    referrerId: Mapped[str] = mapped_column(reference("users.id", ondelete="CASCADE"))
    refereeId: Mapped[str] = mapped_column(reference("users.id", ondelete="CASCADE"), index=True)
    status: Mapped[ReferralStatus] = mapped_column(server_default=ReferralStatus.PENDING)
    tokensGranted: Mapped[int] = mapped_column(server_default=text("0"))
    ipAddress: Mapped[str | None]
    completedAt: Mapped[datetime | None]

    referee: Mapped["User"] = relationship(foreign_keys=[refereeId])
    referrer: Mapped["User"] = relationship(foreign_keys=[referrerId])
