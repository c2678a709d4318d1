"""Assets: a workspace's files, in folders and with tags, and the posts that use them."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schema.pulse.base import (
    CURRENT_TIMESTAMP,
    Base,
    Created,
    Identified,
    JsonObject,
    Updated,
    reference,
)

if TYPE_CHECKING:
    from schema.pulse.accounts import User
    from schema.pulse.publishing import ScheduledPost
    from schema.pulse.social import SocialPost
    from schema.pulse.workspaces import Workspace


class AssetFolder(Identified, Created, Updated, Base):
    """A folder, itself in a folder or at the top."""

    __tablename__ = "asset_folders"
    __table_args__ = (UniqueConstraint("workspaceId", "name", "parentId"),)

    name: Mapped[str]
    workspaceId: Mapped[str] = mapped_column(
        reference("workspaces.id", ondelete="CASCADE"), index=True
    )
    parentId: Mapped[str | None] = mapped_column(
        reference("asset_folders.id", ondelete="CASCADE"), index=True
    )
    createdById: Mapped[str] = mapped_column(reference("users.id", ondelete="CASCADE"))

    workspace: Mapped["Workspace"] = relationship()
    parent: Mapped["AssetFolder | None"] = relationship(
        remote_side="AssetFolder.id", back_populates="children"
    )
    createdBy: Mapped["User"] = relationship()
    children: Mapped[list["AssetFolder"]] = relationship(
        back_populates="parent", passive_deletes="all"
    )
    assets: Mapped[list["Asset"]] = relationship(back_populates="folder", passive_deletes="all")


class AssetTag(Identified, Created, Base):
    """A label for files."""

    __tablename__ = "asset_tags"
    __table_args__ = (UniqueConstraint("workspaceId", "name"),)

    name: Mapped[str]
    workspaceId: Mapped[str] = mapped_column(
        reference("workspaces.id", ondelete="CASCADE"), index=True
    )

    workspace: Mapped["Workspace"] = relationship()
    assignments: Mapped[list["AssetTagAssignment"]] = relationship(
        back_populates="tag", passive_deletes="all"
    )


class Asset(Identified, Created, Updated, Base):
    """A stored file of a workspace."""

    __tablename__ = "assets"

    workspaceId: Mapped[str] = mapped_column(
        reference("workspaces.id", ondelete="CASCADE"), index=True
    )
    folderId: Mapped[str | None] = mapped_column(
        reference("asset_folders.id", ondelete="SET NULL"), index=True
    )
    filename: Mapped[str]
    fileType: Mapped[str] = mapped_column(index=True)
    sizeBytes: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    duration: Mapped[float | None]
    storageProvider: Mapped[str] = mapped_column(server_default="R2")
    r2Bucket: Mapped[str]
    r2Key: Mapped[str] = mapped_column(unique=True)
    altText: Mapped[str | None]
    qualityScore: Mapped[float | None]
    analysisJson: Mapped[JsonObject | None]
    uploadedById: Mapped[str] = mapped_column(reference("users.id", ondelete="CASCADE"), index=True)

    workspace: Mapped["Workspace"] = relationship()
    folder: Mapped["AssetFolder | None"] = relationship(back_populates="assets")
    uploadedBy: Mapped["User"] = relationship()
    tagAssignments: Mapped[list["AssetTagAssignment"]] = relationship(
        back_populates="asset", passive_deletes="all"
    )
    posts: Mapped[list["PostAsset"]] = relationship(back_populates="asset", passive_deletes="all")
    scheduledPosts: Mapped[list["ScheduledPostAsset"]] = relationship(
        back_populates="asset", passive_deletes="all"
    )


class AssetTagAssignment(Base):
    """A tag on a file and who put it there."""

    __tablename__ = "asset_tag_assignments"

    assetId: Mapped[str] = mapped_column(
        reference("assets.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    tagId: Mapped[str] = mapped_column(
        reference("asset_tags.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    assignedAt: Mapped[datetime] = mapped_column(server_default=CURRENT_TIMESTAMP)
    assignedById: Mapped[str] = mapped_column(reference("users.id", ondelete="CASCADE"))

    asset: Mapped["Asset"] = relationship(back_populates="tagAssignments")
    tag: Mapped["AssetTag"] = relationship(back_populates="assignments")
    assignedBy: Mapped["User"] = relationship()


class PostAsset(Base):
    """A file in a post."""

    __tablename__ = "post_assets"

    postId: Mapped[str] = mapped_column(
        reference("social_posts.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    assetId: Mapped[str] = mapped_column(
        reference("assets.id", ondelete="CASCADE"), primary_key=True, index=True
    )

    post: Mapped["SocialPost"] = relationship()
    asset: Mapped["Asset"] = relationship(back_populates="posts")


class ScheduledPostAsset(Base):
    """A file in a scheduled post."""

    __tablename__ = "scheduled_post_assets"

    postId: Mapped[str] = mapped_column(
        reference("scheduled_posts.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    assetId: Mapped[str] = mapped_column(
        reference("assets.id", ondelete="CASCADE"), primary_key=True, index=True
    )

    post: Mapped["ScheduledPost"] = relationship()
    asset: Mapped["Asset"] = relationship(back_populates="scheduledPosts")
