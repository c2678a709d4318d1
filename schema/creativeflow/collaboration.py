"""Collaboration: teams and who belongs to them."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schema.creativeflow.base import UTC_NOW, Base, Created, Identified, Updated

if TYPE_CHECKING:
    from schema.creativeflow.identity import User
    from schema.creativeflow.workspace import BrandKit


class Team(Identified, Created, Updated, Base):
    """A group of users that works together."""

    __tablename__ = "teams"
    __table_args__ = (
        Index("idx_team_ownerid", "owner_id"),
        {"comment": "Groups of users that work together."},
    )

    name: Mapped[str] = mapped_column(String(100), comment="What the team is called.")
    owner_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="RESTRICT"),
        comment="Who answers for the team; it must be handed over before the account can go.",
    )

    owner: Mapped["User"] = relationship(back_populates="owned_teams")
    members: Mapped[list["TeamMember"]] = relationship(back_populates="team", passive_deletes="all")
    brand_kits: Mapped[list["BrandKit"]] = relationship(
        back_populates="team", passive_deletes="all"
    )


class TeamMember(Identified, Base):
    """A user's place in a team."""

    __tablename__ = "team_members"
    __table_args__ = (
        UniqueConstraint("team_id", "user_id"),
        CheckConstraint("role IN ('Owner', 'Admin', 'Editor', 'Viewer')", name="role"),
        Index("idx_teammember_userid_role", "user_id", "role"),
        Index(None, "role"),
        {"comment": "Places of users in teams, at most one each."},
    )

    team_id: Mapped[UUID] = mapped_column(
        ForeignKey("teams.id", ondelete="CASCADE", onupdate="CASCADE"), comment="The team."
    )
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE", onupdate="CASCADE"), comment="The member."
    )
    role: Mapped[str] = mapped_column(String(20), comment="What the member may do in the team.")
    joined_at: Mapped[datetime] = mapped_column(
        server_default=UTC_NOW, comment="When the member joined, UTC."
    )

    team: Mapped["Team"] = relationship(back_populates="members")
    user: Mapped["User"] = relationship(back_populates="team_memberships")
