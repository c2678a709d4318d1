"""Workspaces: the place a team works in, its members and what it tells them."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schema.pulse.base import (
    ADDED_LATER,
    CURRENT_TIMESTAMP,
    Base,
    Created,
    Identified,
    JsonObject,
    Updated,
    database_enum,
    reference,
)

if TYPE_CHECKING:
    from schema.pulse.accounts import User


@database_enum
class WorkspaceRole(StrEnum):
    """What a member may do in a workspace."""

    OWNER = "OWNER"
    ADMIN = "ADMIN"
    MEMBER = "MEMBER"
    VIEWER = "VIEWER"


@database_enum
class WorkspaceSubscriptionTier(StrEnum):
    """A workspace's plan."""

    FREE = "FREE"
    PRO = "PRO"
    BUSINESS = "BUSINESS"


class Workspace(Identified, Created, Updated, Base):
    """A team's place, with the limits of its plan."""

    __tablename__ = "workspaces"
    __table_args__ = (Index(None, "slug"),)

    name: Mapped[str]
    slug: Mapped[str] = mapped_column(unique=True)
    description: Mapped[str | None]
    avatarUrl: Mapped[str | None]
    settings: Mapped[JsonObject | None]
    isPersonal: Mapped[bool] = mapped_column(server_default=false(), index=True)
    deletedAt: Mapped[datetime | None]
    subscriptionTier: Mapped[WorkspaceSubscriptionTier] = mapped_column(
        server_default=WorkspaceSubscriptionTier.FREE, sort_order=ADDED_LATER
    )
    maxSocialAccounts: Mapped[int] = mapped_column(server_default=text("3"), sort_order=ADDED_LATER)
    maxScheduledPosts: Mapped[int] = mapped_column(
        server_default=text("30"), sort_order=ADDED_LATER
    )
    maxAbTests: Mapped[int] = mapped_column(server_default=text("1"), sort_order=ADDED_LATER)
    monthlyAiCredits: Mapped[int] = mapped_column(
        server_default=text("100"), sort_order=ADDED_LATER
    )
    usedAiCredits: Mapped[int] = mapped_column(server_default=text("0"), sort_order=ADDED_LATER)
    maxTeamMembers: Mapped[int] = mapped_column(server_default=text("1"), sort_order=ADDED_LATER)
    billingCycleStart: Mapped[datetime | None] = mapped_column(sort_order=ADDED_LATER)
    stripeSubscriptionId: Mapped[str | None] = mapped_column(sort_order=ADDED_LATER, unique=True)

    members: Mapped[list["WorkspaceMember"]] = relationship(
        back_populates="workspace", passive_deletes="all"
    )
    favorites: Mapped[list["WorkspaceFavorite"]] = relationship(
        back_populates="workspace", passive_deletes="all"
    )
    recentAccess: Mapped[list["WorkspaceRecentAccess"]] = relationship(
        back_populates="workspace", passive_deletes="all"
    )
    notifications: Mapped[list["Notification"]] = relationship(
        back_populates="workspace", passive_deletes="all"
    )


class WorkspaceMember(Identified, Created, Updated, Base):
    """A user's seat and role in a workspace; not joined yet while only invited."""

    __tablename__ = "workspace_members"
    __table_args__ = (UniqueConstraint("workspaceId", "userId"),)

    workspaceId: Mapped[str] = mapped_column(
        reference("workspaces.id", ondelete="CASCADE"), index=True
    )
    userId: Mapped[str] = mapped_column(reference("users.id", ondelete="CASCADE"), index=True)
    role: Mapped[WorkspaceRole] = mapped_column(server_default=WorkspaceRole.MEMBER, index=True)
    invitedAt: Mapped[datetime] = mapped_column(server_default=CURRENT_TIMESTAMP)
    joinedAt: Mapped[datetime | None]
    invitedById: Mapped[str | None] = mapped_column(reference("users.id", ondelete="SET NULL"))

    workspace: Mapped["Workspace"] = relationship(back_populates="members")
    user: Mapped["User"] = relationship(foreign_keys=[userId])
    invitedBy: Mapped["User | None"] = relationship(foreign_keys=[invitedById])


class WorkspaceFavorite(Identified, Created, Base):
    """A workspace that a user has pinned."""

    __tablename__ = "workspace_favorites"
    __table_args__ = (UniqueConstraint("userId", "workspaceId"),)

    userId: Mapped[str] = mapped_column(reference("users.id", ondelete="CASCADE"), index=True)
    workspaceId: Mapped[str] = mapped_column(reference("workspaces.id", ondelete="CASCADE"))

    user: Mapped["User"] = relationship()
    workspace: Mapped["Workspace"] = relationship(back_populates="favorites")


class WorkspaceRecentAccess(Identified, Base):
    """When a user was last in a workspace."""

    __tablename__ = "workspace_recent_access"
    __table_args__ = (
        UniqueConstraint("userId", "workspaceId"),
        Index("workspace_recent_access_userId_accessedAt_idx", "userId", text('"accessedAt" DESC')),
    )

    userId: Mapped[str] = mapped_column(reference("users.id", ondelete="CASCADE"))
    workspaceId: Mapped[str] = mapped_column(reference("workspaces.id", ondelete="CASCADE"))
    accessedAt: Mapped[datetime] = mapped_column(server_default=CURRENT_TIMESTAMP)

    user: Mapped["User"] = relationship()
    workspace: Mapped["Workspace"] = relationship(back_populates="recentAccess")


class Notification(Identified, Created, Base):
    """Something the people of a workspace should see, one of them or all."""

    __tablename__ = "notifications"
    __table_args__ = (
        Index(None, "workspaceId", "read", "createdAt"),
        Index(None, "workspaceId", "userId"),
    )

    workspaceId: Mapped[str] = mapped_column(reference("workspaces.id", ondelete="CASCADE"))
    userId: Mapped[str | None]
    type: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    message: Mapped[str]
    priority: Mapped[str] = mapped_column(server_default="MEDIUM")
    read: Mapped[bool] = mapped_column(server_default=false())
    readAt: Mapped[datetime | None]
    entityType: Mapped[str | None]
    entityId: Mapped[str | None]
    metadata_: Mapped[JsonObject | None] = mapped_column("metadata")

    workspace: Mapped["Workspace"] = relationship(back_populates="notifications")
