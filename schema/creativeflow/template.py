"""Template: starting points for projects, the system's own and users' private ones."""

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schema.creativeflow.base import (
    JSON,
    Base,
    Created,
    Identified,
    JsonArray,
    JsonObject,
    Updated,
)

if TYPE_CHECKING:
    from schema.creativeflow.identity import User
    from schema.creativeflow.workspace import Project


class Template(Identified, Created, Updated, Base):
    """A design that projects can be started from."""

    __tablename__ = "templates"
    __table_args__ = (
        Index("idx_template_category_ispublic", "category", "is_public"),
        Index("idx_template_userid", "user_id"),
        # Tags are asked by key (?, ?|, ?&) as well as by containment: the default class has both.
        Index("idx_template_tags_gin", "tags", postgresql_using="gin"),
        {"comment": "Designs that projects start from."},
    )

    # CASCADE, although the column may be NULL: NULL means the system's own, and a private
    # template must not become everybody's when its author leaves.
    user_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"),
        comment="Author of a private template; NULL for the system's own.",
    )
    name: Mapped[str] = mapped_column(String(100), comment="What the template is called.")
    description: Mapped[str | None] = mapped_column(Text, comment="What it is good for.")
    category: Mapped[str] = mapped_column(String(50), comment="Shelf it is found on.")
    preview_url: Mapped[str] = mapped_column(String(1024), comment="Where its picture lies.")
    source_data: Mapped[JsonObject] = mapped_column(JSON, comment="The design itself.")
    tags: Mapped[JsonArray | None] = mapped_column(JSON, comment="List of words to search by.")
    is_public: Mapped[bool] = mapped_column(
        server_default=true(), comment="Whether everybody may start from it."
    )

    user_creator: Mapped["User | None"] = relationship(back_populates="created_templates")
    projects_using_template: Mapped[list["Project"]] = relationship(
        back_populates="template", passive_deletes="all"
    )
