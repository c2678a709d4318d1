"""Workspace: brand kits, workbenches, and the projects that lie on them."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import (
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schema.creativeflow.base import (
    JSON,
    Base,
    Created,
    Identified,
    JsonArray,
    JsonObject,
    SoftDeleted,
    Updated,
)

if TYPE_CHECKING:
    from schema.creativeflow.assets import Asset, AssetVersion
    from schema.creativeflow.collaboration import Team
    from schema.creativeflow.generation import GenerationRequest
    from schema.creativeflow.identity import User
    from schema.creativeflow.template import Template


class BrandKit(Identified, Created, Updated, Base):
    """Colours, fonts and logos of a brand; a user's own, or shared by a team."""

    __tablename__ = "brand_kits"
    __table_args__ = (
        Index("idx_brandkit_userid", "user_id"),
        Index("idx_brandkit_teamid", "team_id"),
        # Asked by containment only (a colour, a font family), where path_ops is smaller and faster.
        Index(
            "idx_brandkit_colors_gin",
            "colors",
            postgresql_using="gin",
            postgresql_ops={"colors": "jsonb_path_ops"},
        ),
        Index(
            "idx_brandkit_fonts_gin",
            "fonts",
            postgresql_using="gin",
            postgresql_ops={"fonts": "jsonb_path_ops"},
        ),
        # user_id is never NULL, it names the author of a team's kit too: hence "team_id IS NULL".
        Index(
            "idx_brandkit_userid_default_unique",
            "user_id",
            unique=True,
            postgresql_where=text("is_default AND team_id IS NULL"),
        ),
        Index(
            "idx_brandkit_teamid_default_unique",
            "team_id",
            unique=True,
            postgresql_where=text("is_default AND team_id IS NOT NULL"),
        ),
        {"comment": "Colours, fonts and logos of brands, of one user or of a team."},
    )

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"),
        comment="Owner; for a team's kit, the member who made it.",
    )
    team_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("teams.id", ondelete="SET NULL", onupdate="CASCADE"),
        comment="Team that shares the kit; NULL for a kit of the user alone.",
    )
    name: Mapped[str] = mapped_column(String(100), comment="What the kit is called.")
    colors: Mapped[JsonArray] = mapped_column(JSON, comment="List of named colours.")
    fonts: Mapped[JsonArray] = mapped_column(JSON, comment="List of fonts with their use.")
    logos: Mapped[JsonArray | None] = mapped_column(JSON, comment="List of logos with their files.")
    style_preferences: Mapped[JsonObject | None] = mapped_column(
        JSON, comment="Hints for generation in this brand's style, free form."
    )
    is_default: Mapped[bool] = mapped_column(
        server_default=false(), comment="Whether new work of the user or team takes this kit."
    )

    user: Mapped["User"] = relationship(back_populates="brand_kits")
    team: Mapped["Team | None"] = relationship(back_populates="brand_kits")
    default_of_workbenches: Mapped[list["Workbench"]] = relationship(
        back_populates="default_brand_kit", passive_deletes="all"
    )
    override_of_projects: Mapped[list["Project"]] = relationship(
        back_populates="brand_kit", passive_deletes="all"
    )


class Workbench(Identified, Created, Updated, Base):
    """A user's container of projects."""

    __tablename__ = "workbenches"
    __table_args__ = (
        # Beyond the primary key only so that projects can refer to owner and workbench at once.
        UniqueConstraint("id", "user_id"),
        Index("idx_workbench_userid", "user_id"),
        Index(None, "default_brand_kit_id"),
        {"comment": "Containers that users sort their projects into."},
    )

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"),
        comment="Owner of the workbench and of every project on it.",
    )
    name: Mapped[str] = mapped_column(String(100), comment="What the workbench is called.")
    default_brand_kit_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("brand_kits.id", ondelete="SET NULL", onupdate="CASCADE"),
        comment="Brand kit of its projects unless they name their own.",
    )

    user: Mapped["User"] = relationship(back_populates="workbenches")
    default_brand_kit: Mapped["BrandKit | None"] = relationship(
        back_populates="default_of_workbenches"
    )
    # Both keys of projects hold user_id, and they cannot disagree.
    projects: Mapped[list["Project"]] = relationship(
        back_populates="workbench", passive_deletes="all", overlaps="projects,user"
    )


class Project(Identified, Created, Updated, SoftDeleted, Base):
    """A piece of creative work with its assets and generation requests."""

    __tablename__ = "projects"
    __table_args__ = (
        # One key for both columns: a project cannot have another owner than its workbench, not
        # even for a moment between two sessions, and handing over a workbench moves its projects.
        ForeignKeyConstraint(
            ["workbench_id", "user_id"],
            ["workbenches.id", "workbenches.user_id"],
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        Index(None, "workbench_id", "user_id"),
        Index("idx_project_userid", "user_id"),
        Index(None, "template_id"),
        Index(None, "brand_kit_id"),
        Index("idx_project_updatedat", "updated_at"),
        {"comment": "Pieces of creative work, each on one workbench."},
    )

    workbench_id: Mapped[UUID] = mapped_column(comment="Workbench the project lies on.")
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE", onupdate="CASCADE"),
        comment="Owner, always that of the workbench; kept here so that reads need no join.",
    )
    template_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("templates.id", ondelete="SET NULL", onupdate="CASCADE"),
        comment="Template it was started from, while that exists.",
    )
    brand_kit_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("brand_kits.id", ondelete="SET NULL", onupdate="CASCADE"),
        comment="Brand kit in place of the workbench's own.",
    )
    name: Mapped[str] = mapped_column(String(100), comment="What the project is called.")
    target_platform: Mapped[str | None] = mapped_column(
        String(50), comment="Where the work is to appear."
    )
    collaboration_state: Mapped[JsonObject | None] = mapped_column(
        JSON, comment="Shared editing state (CRDT), read and merged by the editor only."
    )
    last_collaborated_at: Mapped[datetime | None] = mapped_column(comment="Last shared edit, UTC.")

    workbench: Mapped["Workbench"] = relationship(
        back_populates="projects", overlaps="projects,user"
    )
    user: Mapped["User"] = relationship(back_populates="projects", overlaps="projects,workbench")
    template: Mapped["Template | None"] = relationship(back_populates="projects_using_template")
    brand_kit: Mapped["BrandKit | None"] = relationship(back_populates="override_of_projects")
    assets: Mapped[list["Asset"]] = relationship(back_populates="project", passive_deletes="all")
    versions: Mapped[list["AssetVersion"]] = relationship(
        back_populates="project", passive_deletes="all"
    )
    generation_requests: Mapped[list["GenerationRequest"]] = relationship(
        back_populates="project", passive_deletes="all"
    )
