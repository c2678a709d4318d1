"""Billing: subscriptions, the ledger of credits, and the log of billable actions.

The ledger and the log are partitioned by month. PostgreSQL demands the partition column in the
primary key; a default partition catches rows of a month that nobody created.
"""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Numeric,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schema.creativeflow.base import (
    JSON,
    NEW_UUID,
    UTC_NOW,
    Base,
    Created,
    Identified,
    JsonObject,
    Updated,
)

if TYPE_CHECKING:
    from schema.creativeflow.generation import GenerationRequest
    from schema.creativeflow.identity import APIClient, User


class Subscription(Identified, Created, Updated, Base):
    """A user's plan and billing period, as last reported by the ERP system."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        UniqueConstraint("user_id"),
        UniqueConstraint("odoo_sale_order_id"),
        CheckConstraint(
            "status IN ('Active', 'Trial', 'Suspended', 'Cancelled', 'Expired')", name="status"
        ),
        CheckConstraint(
            "payment_provider IN ('Stripe', 'PayPal', 'OdooManual')", name="payment_provider"
        ),
        CheckConstraint("current_period_end > current_period_start", name="current_period"),
        Index("idx_subscription_currentperiodend", "current_period_end"),
        Index(None, "status"),
        {"comment": "Plans and billing periods, one per user, synchronised from Odoo."},
    )

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), comment="Subscriber."
    )
    odoo_sale_order_id: Mapped[str] = mapped_column(
        String(255), comment="Sale order in Odoo that the row mirrors."
    )
    plan_id: Mapped[str] = mapped_column(String(50), comment="Plan, by its name in Odoo.")
    status: Mapped[str] = mapped_column(
        String(20), server_default="Active", comment="Where the subscription stands."
    )
    current_period_start: Mapped[datetime] = mapped_column(comment="Start of the paid period, UTC.")
    current_period_end: Mapped[datetime] = mapped_column(comment="End of the paid period, UTC.")
    payment_provider: Mapped[str] = mapped_column(String(50), comment="Who collects the money.")
    payment_provider_subscription_id: Mapped[str | None] = mapped_column(
        String(255), comment="The subscription's name at the provider. [personal]"
    )
    payment_method_id: Mapped[str | None] = mapped_column(
        String(255), comment="Token of the means of payment at the provider. [sensitive]"
    )

    user: Mapped["User"] = relationship(back_populates="subscription")


class CreditTransaction(Base):
    """One movement of credits: bought, refunded or spent."""

    __tablename__ = "credit_transactions"
    __table_args__ = (
        Index("idx_credittransaction_userid_createdat", "user_id", "created_at"),
        Index("idx_credittransaction_actiontype", "action_type"),
        Index("idx_credittransaction_generationrequestid", "generation_request_id"),
        Index(None, "created_at"),
        {
            "comment": "Ledger of credits, partitioned by month of created_at.",
            "postgresql_partition_by": "RANGE (created_at)",
        },
    )

    id: Mapped[UUID] = mapped_column(
        primary_key=True,
        server_default=NEW_UUID,
        comment="Surrogate key; the primary key only together with created_at.",
    )
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), comment="Whose credits moved."
    )
    odoo_invoice_id: Mapped[str | None] = mapped_column(
        String(255), comment="Invoice in Odoo, for a purchase or refund."
    )
    generation_request_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("generation_requests.id", ondelete="SET NULL", onupdate="CASCADE"),
        comment="Request that the credits were spent on.",
    )
    api_call_id: Mapped[str | None] = mapped_column(
        String(255), comment="API call that spent the credits, by the gateway's name for it."
    )
    amount: Mapped[Decimal] = mapped_column(
        Numeric(10, 2), comment="Credits moved: purchases and refunds add, consumption takes away."
    )
    action_type: Mapped[str] = mapped_column(String(50), comment="What moved the credits.")
    description: Mapped[str | None] = mapped_column(Text, comment="Explanation for the user.")
    created_at: Mapped[datetime] = mapped_column(
        primary_key=True,
        server_default=UTC_NOW,
        comment="When the credits moved, UTC; decides the partition.",
    )
    synced_at: Mapped[datetime] = mapped_column(
        server_default=UTC_NOW, comment="When the row was last matched with Odoo, UTC."
    )

    user: Mapped["User"] = relationship(back_populates="credit_transactions")
    generation_request: Mapped["GenerationRequest | None"] = relationship(
        back_populates="credit_transactions"
    )


class UsageLog(Base):
    """One action of a user that is billed or counted."""

    __tablename__ = "usage_logs"
    __table_args__ = (
        CheckConstraint("credits_cost >= 0", name="credits_cost"),
        Index("idx_usagelog_userid_timestamp", "user_id", "timestamp"),
        Index("idx_usagelog_actiontype", "action_type"),
        Index("idx_usagelog_generationrequestid", "generation_request_id"),
        Index("idx_usagelog_apiclientid", "api_client_id"),
        Index(None, "timestamp"),
        {
            "comment": "Billable and counted actions, partitioned by month of timestamp.",
            "postgresql_partition_by": 'RANGE ("timestamp")',
        },
    )

    id: Mapped[int] = mapped_column(
        BigInteger,
        Identity(always=False),
        primary_key=True,
        comment="Running number; the primary key only together with timestamp.",
    )
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), comment="Who acted."
    )
    generation_request_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("generation_requests.id", ondelete="SET NULL", onupdate="CASCADE"),
        comment="Request that the action was part of.",
    )
    api_client_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("api_clients.id", ondelete="SET NULL", onupdate="CASCADE"),
        comment="API client that acted for the user.",
    )
    action_type: Mapped[str] = mapped_column(String(100), comment="What was done.")
    details: Mapped[JsonObject | None] = mapped_column(
        JSON, comment="Circumstances of the action, free form. [personal]"
    )
    credits_cost: Mapped[Decimal | None] = mapped_column(
        Numeric(10, 2), comment="Credits the action cost; NULL where it is only counted."
    )
    timestamp: Mapped[datetime] = mapped_column(
        primary_key=True,
        server_default=UTC_NOW,
        comment="When it was done, UTC; decides the partition.",
    )

    user: Mapped["User"] = relationship(back_populates="usage_logs")
    generation_request: Mapped["GenerationRequest | None"] = relationship(
        back_populates="usage_logs"
    )
    api_client: Mapped["APIClient | None"] = relationship(back_populates="usage_logs")
