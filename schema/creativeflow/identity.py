"""Identity: accounts, their sessions, their social media connections and their API clients."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schema.creativeflow.base import (
    JSON,
    UTC_NOW,
    Base,
    Created,
    Identified,
    JsonObject,
    SoftDeleted,
    Updated,
)

if TYPE_CHECKING:
    from schema.creativeflow.ai_models import AIModelFeedback
    from schema.creativeflow.assets import Asset
    from schema.creativeflow.billing import CreditTransaction, Subscription, UsageLog
    from schema.creativeflow.collaboration import Team, TeamMember
    from schema.creativeflow.generation import GenerationRequest
    from schema.creativeflow.notification import Notification
    from schema.creativeflow.template import Template
    from schema.creativeflow.workspace import BrandKit, Project, Workbench

_CACHED = "Cached by the application until it changes."


class User(Identified, Created, Updated, SoftDeleted, Base):
    """A registered account: how it signs in, its profile, its plan and its credits."""

    __tablename__ = "users"
    __table_args__ = (
        UniqueConstraint("email", name="uq_user_email"),
        UniqueConstraint("username", name="uq_user_username"),
        CheckConstraint(
            "social_provider IN ('google', 'facebook', 'apple')", name="social_provider"
        ),
        CheckConstraint(
            "subscription_tier IN ('Free', 'Pro', 'Team', 'Enterprise')", name="subscription_tier"
        ),
        CheckConstraint("credit_balance >= 0", name="credit_balance"),
        Index(
            "idx_user_social_unique",
            "social_provider",
            "social_provider_id",
            unique=True,
            postgresql_where=text("social_provider IS NOT NULL AND social_provider_id IS NOT NULL"),
        ),
        Index("idx_user_subscriptiontier", "subscription_tier"),
        Index("idx_user_deletedat", "deleted_at", postgresql_where=text("deleted_at IS NOT NULL")),
        Index("idx_user_languagepreference", "language_preference"),
        {"comment": "Accounts, with sign-in data, profile, plan and credit balance."},
    )

    email: Mapped[str] = mapped_column(
        String(255), comment="Address the account signs in with. [personal]"
    )
    password_hash: Mapped[str | None] = mapped_column(
        String(255),
        comment="Hashed by the application; NULL for accounts of a social provider. [sensitive]",
    )
    social_provider: Mapped[str | None] = mapped_column(
        String(50), comment="Provider vouching for the account, if one does. [personal]"
    )
    social_provider_id: Mapped[str | None] = mapped_column(
        String(255), comment="The account's name at that provider. [personal]"
    )
    is_email_verified: Mapped[bool] = mapped_column(
        server_default=false(), comment="Whether the address was confirmed by its owner."
    )
    email_verification_token: Mapped[str | None] = mapped_column(
        String(255), comment="Open token of an address confirmation. [sensitive]"
    )
    password_reset_token: Mapped[str | None] = mapped_column(
        String(255), comment="Open token of a password reset. [sensitive]"
    )
    password_reset_expires: Mapped[datetime | None] = mapped_column(
        comment="Until when the password reset token is good, UTC."
    )
    full_name: Mapped[str | None] = mapped_column(
        String(100), comment=f"Name shown to others. {_CACHED} [personal]"
    )
    username: Mapped[str | None] = mapped_column(
        String(50), comment="Chosen handle; any number of accounts may have none. [personal]"
    )
    profile_picture_url: Mapped[str | None] = mapped_column(
        String(1024), comment="Where the portrait lies. [personal]"
    )
    language_preference: Mapped[str] = mapped_column(
        String(10), server_default="en-US", comment=f"Language tag of the interface. {_CACHED}"
    )
    timezone: Mapped[str] = mapped_column(
        String(50), server_default="UTC", comment=f"Time zone that times are shown in. {_CACHED}"
    )
    mfa_enabled: Mapped[bool] = mapped_column(
        server_default=false(), comment="Whether signing in asks for a second factor."
    )
    mfa_secret: Mapped[str | None] = mapped_column(
        String(255), comment="Seed of the second factor, encrypted by the application. [sensitive]"
    )
    subscription_tier: Mapped[str] = mapped_column(
        String(20), server_default="Free", comment=f"Plan that limits and prices go by. {_CACHED}"
    )
    credit_balance: Mapped[Decimal] = mapped_column(
        Numeric(10, 2), server_default=text("0.00"), comment=f"Credits left to spend. {_CACHED}"
    )
    last_login_at: Mapped[datetime | None] = mapped_column(
        comment="Last successful sign-in, UTC. [personal]"
    )
    ui_settings: Mapped[JsonObject | None] = mapped_column(
        JSON, sort_order=99, comment="What the user set up in the interface, free form."
    )

    brand_kits: Mapped[list["BrandKit"]] = relationship(
        back_populates="user", passive_deletes="all"
    )
    workbenches: Mapped[list["Workbench"]] = relationship(
        back_populates="user", passive_deletes="all"
    )
    projects: Mapped[list["Project"]] = relationship(back_populates="user", passive_deletes="all")
    assets: Mapped[list["Asset"]] = relationship(back_populates="user", passive_deletes="all")
    generation_requests: Mapped[list["GenerationRequest"]] = relationship(
        back_populates="user", passive_deletes="all"
    )
    social_media_connections: Mapped[list["SocialMediaConnection"]] = relationship(
        back_populates="user", passive_deletes="all"
    )
    api_clients: Mapped[list["APIClient"]] = relationship(
        back_populates="user", passive_deletes="all"
    )
    subscription: Mapped["Subscription | None"] = relationship(
        back_populates="user", passive_deletes="all"
    )
    credit_transactions: Mapped[list["CreditTransaction"]] = relationship(
        back_populates="user", passive_deletes="all"
    )
    usage_logs: Mapped[list["UsageLog"]] = relationship(
        back_populates="user", passive_deletes="all"
    )
    owned_teams: Mapped[list["Team"]] = relationship(back_populates="owner", passive_deletes="all")
    team_memberships: Mapped[list["TeamMember"]] = relationship(
        back_populates="user", passive_deletes="all"
    )
    sessions: Mapped[list["Session"]] = relationship(back_populates="user", passive_deletes="all")
    notifications: Mapped[list["Notification"]] = relationship(
        back_populates="user", passive_deletes="all"
    )
    created_templates: Mapped[list["Template"]] = relationship(
        back_populates="user_creator", passive_deletes="all"
    )
    ai_model_feedbacks: Mapped[list["AIModelFeedback"]] = relationship(
        back_populates="user", passive_deletes="all"
    )


class Session(Identified, Created, Base):
    """A signed-in browser or device."""

    __tablename__ = "sessions"
    __table_args__ = (
        Index("idx_session_userid_expiresat", "user_id", "expires_at"),
        Index("idx_session_expiresat", "expires_at"),
        Index("idx_session_lastactivity", "last_activity"),
        {"comment": "Signed-in browsers and devices, until they expire."},
    )

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), comment="Who is signed in."
    )
    device_info: Mapped[str] = mapped_column(
        String(255), comment="Device as it named itself. [personal]"
    )
    ip_address: Mapped[str] = mapped_column(
        String(45), comment="Address the session came from, IPv4 or IPv6 as text. [personal]"
    )
    user_agent: Mapped[str | None] = mapped_column(
        Text, comment="The client's own description. [personal]"
    )
    last_activity: Mapped[datetime] = mapped_column(
        server_default=UTC_NOW, comment="Last request of the session, UTC. [personal]"
    )
    expires_at: Mapped[datetime] = mapped_column(comment="When the session ends by itself, UTC.")

    user: Mapped["User"] = relationship(back_populates="sessions")


class SocialMediaConnection(Identified, Created, Updated, Base):
    """A user's account on a social network that work is published to."""

    __tablename__ = "social_media_connections"
    __table_args__ = (
        UniqueConstraint("user_id", "platform"),
        CheckConstraint(
            "platform IN ('Instagram', 'Facebook', 'LinkedIn', 'Twitter', 'Pinterest', 'TikTok')",
            name="platform",
        ),
        {"comment": "Social network accounts of users, at most one per network."},
    )

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), comment="Whose account it is."
    )
    platform: Mapped[str] = mapped_column(String(20), comment="The network.")
    external_user_id: Mapped[str] = mapped_column(
        String(100), comment="The user's name on the network. [personal]"
    )
    access_token: Mapped[str] = mapped_column(
        Text, comment="OAuth access token, encrypted by the application. [sensitive]"
    )
    refresh_token: Mapped[str | None] = mapped_column(
        Text, comment="OAuth refresh token, encrypted by the application. [sensitive]"
    )
    expires_at: Mapped[datetime | None] = mapped_column(
        comment="Until when the access token is good, UTC."
    )

    user: Mapped["User"] = relationship(back_populates="social_media_connections")


class APIClient(Identified, Created, Updated, Base):
    """Credentials a developer calls the public API with."""

    __tablename__ = "api_clients"
    __table_args__ = (
        UniqueConstraint("api_key", name="uq_apiclient_apikey"),
        Index("idx_apiclient_userid", "user_id"),
        {"comment": "Credentials of developers for the public API."},
    )

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), comment="Who answers for the client's calls."
    )
    name: Mapped[str] = mapped_column(String(100), comment="What the developer calls the client.")
    api_key: Mapped[str] = mapped_column(
        String(100), comment="Public half of the credentials. [sensitive]"
    )
    secret_hash: Mapped[str] = mapped_column(
        String(255), comment="Secret half, hashed by the application. [sensitive]"
    )
    permissions: Mapped[JsonObject | None] = mapped_column(
        JSON, comment="What the client may do; NULL means what the plan allows."
    )
    is_active: Mapped[bool] = mapped_column(
        server_default=true(), comment="Whether calls with these credentials are answered."
    )

    user: Mapped["User"] = relationship(back_populates="api_clients")
    usage_logs: Mapped[list["UsageLog"]] = relationship(
        back_populates="api_client", passive_deletes="all"
    )
