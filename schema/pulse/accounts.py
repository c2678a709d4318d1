"""Accounts and identity: who a person is, how they sign in, and what was sent to them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schema.pulse.base import (
    CURRENT_TIMESTAMP,
    Base,
    Created,
    Identified,
    JsonObject,
    Updated,
    database_enum,
    reference,
)


@database_enum
class EmailStatus(StrEnum):
    """How far a message got."""

    PENDING = "PENDING"
    SENT = "SENT"
    DELIVERED = "DELIVERED"
    OPENED = "OPENED"
    CLICKED = "CLICKED"
    BOUNCED = "BOUNCED"
    FAILED = "FAILED"


@database_enum
class FeedbackStatus(StrEnum):
    """Where a report stands."""

    NEW = "NEW"
    REVIEWED = "REVIEWED"
    RESOLVED = "RESOLVED"
    DISMISSED = "DISMISSED"


@database_enum
class FeedbackType(StrEnum):
    """What a report is about."""

    BUG = "BUG"
    IDEA = "IDEA"
    OTHER = "OTHER"


@database_enum
class IdentifierType(StrEnum):
    """What a trace is."""

    VISITOR_ID = "VISITOR_ID"
    USER_ID = "USER_ID"
    EMAIL = "EMAIL"


@database_enum
class UserRole(StrEnum):
    """What a user may do on the platform."""

    USER = "USER"
    ADMIN = "ADMIN"
    SUPER_ADMIN = "SUPER_ADMIN"


class User(Identified, Created, Updated, Base):
    """A person who can sign in."""

    __tablename__ = "users"

    name: Mapped[str | None]
    email: Mapped[str | None] = mapped_column(unique=True)
    emailVerified: Mapped[datetime | None]
    image: Mapped[str | None]
    stripeCustomerId: Mapped[str | None] = mapped_column(unique=True)
    role: Mapped[UserRole] = mapped_column(server_default=UserRole.USER)
    referralCode: Mapped[str | None] = mapped_column(unique=True)
    referredById: Mapped[str | None] = mapped_column(reference("users.id", ondelete="SET NULL"))
    referralCount: Mapped[int] = mapped_column(server_default=text("0"))
    passwordHash: Mapped[str | None]

    referredBy: Mapped["User | None"] = relationship(
        remote_side="User.id", back_populates="referredUsers"
    )
    referredUsers: Mapped[list["User"]] = relationship(
        back_populates="referredBy", passive_deletes="all"
    )
    accounts: Mapped[list["Account"]] = relationship(back_populates="user", passive_deletes="all")
    sessions: Mapped[list["Session"]] = relationship(back_populates="user", passive_deletes="all")
    apiKeys: Mapped[list["ApiKey"]] = relationship(back_populates="user", passive_deletes="all")
    identity: Mapped["Identity | None"] = relationship(back_populates="user", passive_deletes="all")
    emailLogs: Mapped[list["EmailLog"]] = relationship(back_populates="user", passive_deletes="all")
    feedback: Mapped[list["Feedback"]] = relationship(back_populates="user", passive_deletes="all")


class Account(Identified, Base):
    """A sign-in of a user at an outside provider, with the tokens it gave."""

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("provider", "providerAccountId"),)

    userId: Mapped[str] = mapped_column(reference("users.id", ondelete="CASCADE"))
    type: Mapped[str]
    provider: Mapped[str]
    providerAccountId: Mapped[str]
    refresh_token: Mapped[str | None]
    access_token: Mapped[str | None]
    expires_at: Mapped[int | None]
    token_type: Mapped[str | None]
    scope: Mapped[str | None]
    id_token: Mapped[str | None]
    session_state: Mapped[str | None]

    user: Mapped["User"] = relationship(back_populates="accounts")


class Session(Identified, Base):
    """A signed-in browser, known by its token until it expires."""

    __tablename__ = "sessions"

    sessionToken: Mapped[str] = mapped_column(unique=True)
    userId: Mapped[str] = mapped_column(reference("users.id", ondelete="CASCADE"))
    expires: Mapped[datetime]

    user: Mapped["User"] = relationship(back_populates="sessions")


class VerificationToken(Base):
    """A one-time token that proves an address or a device."""

    __tablename__ = "verification_tokens"
    __table_args__ = (UniqueConstraint("identifier", "token"),)

    identifier: Mapped[str] = mapped_column()
    token: Mapped[str] = mapped_column(unique=True)
    expires: Mapped[datetime]

    # The table has no primary key. What the mapper needs is the unique pair, which is never NULL.
    __mapper_args__ = {"primary_key": [identifier, token]}  # noqa: RUF012  # read once, never changed


class ApiKey(Identified, Created, Updated, Base):
    """A key that programs of a user call the platform with; only its hash is kept."""

    __tablename__ = "api_keys"
    __table_args__ = (
        Index(None, "userId", "isActive"),
        Index(None, "keyHash"),
    )

    userId: Mapped[str] = mapped_column(reference("users.id", ondelete="CASCADE"))
    name: Mapped[str]
    keyHash: Mapped[str] = mapped_column(unique=True)
    keyPrefix: Mapped[str]
    lastUsedAt: Mapped[datetime | None]
    isActive: Mapped[bool] = mapped_column(server_default=true())

    user: Mapped["User"] = relationship(back_populates="apiKeys")


class Identity(Identified, Created, Updated, Base):
    """One person behind several traces, tied to a user once they sign up."""

    __tablename__ = "identities"
    __table_args__ = (Index(None, "userId"),)

    userId: Mapped[str | None] = mapped_column(
        reference("users.id", ondelete="SET NULL"), unique=True
    )

    user: Mapped["User | None"] = relationship(back_populates="identity")
    identifiers: Mapped[list["Identifier"]] = relationship(
        back_populates="identity", passive_deletes="all"
    )


class Identifier(Identified, Created, Base):
    """One trace of an identity: a visitor, a user or an address."""

    __tablename__ = "identifiers"
    __table_args__ = (UniqueConstraint("type", "value"),)

    identityId: Mapped[str] = mapped_column(
        reference("identities.id", ondelete="CASCADE"), index=True
    )
    type: Mapped[IdentifierType]
    value: Mapped[str]

    identity: Mapped["Identity"] = relationship(back_populates="identifiers")


class EmailLog(Identified, Base):
    """A message sent to a user, and how far it got."""

    __tablename__ = "email_logs"

    userId: Mapped[str] = mapped_column(reference("users.id", ondelete="CASCADE"), index=True)
    to: Mapped[str]
    subject: Mapped[str]
    template: Mapped[str] = mapped_column(index=True)
    status: Mapped[EmailStatus] = mapped_column(server_default=EmailStatus.SENT, index=True)
    resendId: Mapped[str | None] = mapped_column(unique=True)
    sentAt: Mapped[datetime] = mapped_column(server_default=CURRENT_TIMESTAMP, index=True)
    openedAt: Mapped[datetime | None]
    clickedAt: Mapped[datetime | None]
    bouncedAt: Mapped[datetime | None]
    metadata_: Mapped[JsonObject | None] = mapped_column("metadata")

    user: Mapped["User"] = relationship(back_populates="emailLogs")


class Feedback(Identified, Created, Updated, Base):
    """What somebody reported about a page, signed in or not."""

    __tablename__ = "feedback"
    __table_args__ = (Index(None, "createdAt"),)

    userId: Mapped[str | None] = mapped_column(
        reference("users.id", ondelete="SET NULL"), index=True
    )
    email: Mapped[str | None]
    type: Mapped[FeedbackType] = mapped_column(index=True)
    message: Mapped[str]
    page: Mapped[str]
    userAgent: Mapped[str | None]
    status: Mapped[FeedbackStatus] = mapped_column(server_default=FeedbackStatus.NEW, index=True)
    adminNote: Mapped[str | None]

    user: Mapped["User | None"] = relationship(back_populates="feedback")
