"""Scout: competitors, the topics watched, and what was found."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schema.pulse.base import (
    CURRENT_TIMESTAMP,
    Base,
    Created,
    Identified,
    JsonArray,
    JsonObject,
    Updated,
    reference,
)
from schema.pulse.social import SocialPlatform

if TYPE_CHECKING:
    from schema.pulse.workspaces import Workspace


class ScoutCompetitor(Identified, Created, Updated, Base):
    """Somebody else's account that a workspace watches to compare itself with."""

    __tablename__ = "scout_competitors"
    __table_args__ = (UniqueConstraint("workspaceId", "platform", "handle"),)

    workspaceId: Mapped[str] = mapped_column(
        reference("workspaces.id", ondelete="CASCADE"), index=True
    )
    platform: Mapped[SocialPlatform]
    handle: Mapped[str]
    name: Mapped[str | None]
    isActive: Mapped[bool] = mapped_column(server_default=true())

    workspace: Mapped["Workspace"] = relationship()
    posts: Mapped[list["ScoutCompetitorPost"]] = relationship(
        back_populates="competitor", passive_deletes="all"
    )


class ScoutCompetitorPost(Identified, Created, Base):
    """A post of a watched account with what it earned when last read."""

    __tablename__ = "scout_competitor_posts"
    __table_args__ = (UniqueConstraint("competitorId", "platformPostId"),)

    competitorId: Mapped[str] = mapped_column(
        reference("scout_competitors.id", ondelete="CASCADE"), index=True
    )
    platformPostId: Mapped[str]
    content: Mapped[str]
    postedAt: Mapped[datetime] = mapped_column(index=True)
    likes: Mapped[int] = mapped_column(server_default=text("0"))
    comments: Mapped[int] = mapped_column(server_default=text("0"))
    shares: Mapped[int] = mapped_column(server_default=text("0"))
    metadata_: Mapped[JsonObject | None] = mapped_column("metadata")

    competitor: Mapped["ScoutCompetitor"] = relationship(back_populates="posts")


class ScoutBenchmark(Identified, Base):
    """One period's figures of a workspace beside those of its competitors."""

    __tablename__ = "scout_benchmarks"
    __table_args__ = (UniqueConstraint("workspaceId", "period"),)

    workspaceId: Mapped[str] = mapped_column(
        reference("workspaces.id", ondelete="CASCADE"), index=True
    )
    period: Mapped[str]
    ownMetrics: Mapped[JsonObject]
    competitorMetrics: Mapped[JsonObject]
    generatedAt: Mapped[datetime] = mapped_column(server_default=CURRENT_TIMESTAMP)

    workspace: Mapped["Workspace"] = relationship()


class ScoutTopic(Identified, Created, Updated, Base):
    """A subject that a workspace looks for."""

    __tablename__ = "scout_topics"
    __table_args__ = (UniqueConstraint("workspaceId", "name"),)

    workspaceId: Mapped[str] = mapped_column(
        reference("workspaces.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str]
    keywords: Mapped[JsonArray]
    isActive: Mapped[bool] = mapped_column(server_default=true())

    workspace: Mapped["Workspace"] = relationship()
    results: Mapped[list["ScoutResult"]] = relationship(
        back_populates="topic", passive_deletes="all"
    )


class ScoutResult(Identified, Base):
    """A post found for a topic."""

    __tablename__ = "scout_results"
    __table_args__ = (UniqueConstraint("platform", "platformId", "topicId"),)

    topicId: Mapped[str] = mapped_column(
        reference("scout_topics.id", ondelete="CASCADE"), index=True
    )
    platform: Mapped[SocialPlatform]
    platformId: Mapped[str]
    content: Mapped[str]
    author: Mapped[str]
    authorUrl: Mapped[str | None]
    postUrl: Mapped[str]
    engagement: Mapped[JsonObject]
    foundAt: Mapped[datetime] = mapped_column(server_default=CURRENT_TIMESTAMP, index=True)

    topic: Mapped["ScoutTopic"] = relationship(back_populates="results")
