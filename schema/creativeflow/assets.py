"""Assets: the files of creative work, and the history of files and project states."""

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schema.creativeflow.base import (
    JSON,
    Base,
    Created,
    Identified,
    JsonObject,
    SoftDeleted,
    Updated,
)

if TYPE_CHECKING:
    from schema.creativeflow.generation import GenerationRequest, GenerationResult
    from schema.creativeflow.identity import User
    from schema.creativeflow.workspace import Project


class Asset(Identified, Created, Updated, SoftDeleted, Base):
    """A file that was uploaded, generated, or derived from another one."""

    __tablename__ = "assets"
    __table_args__ = (
        CheckConstraint("type IN ('Uploaded', 'AIGenerated', 'Derived')", name="type"),
        Index("idx_asset_projectid_createdat", "project_id", "created_at"),
        Index("idx_asset_userid", "user_id"),
        Index("idx_asset_generationrequestid", "generation_request_id"),
        Index("idx_asset_type", "type"),
        {"comment": "Files of creative work; the bytes lie in object storage."},
    )

    project_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("projects.id", ondelete="CASCADE"),
        comment="Project the file belongs to; NULL while it is only in the user's library.",
    )
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), comment="Whose file it is."
    )
    generation_request_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("generation_requests.id", ondelete="SET NULL", onupdate="CASCADE"),
        comment="Request that produced the file, if one did.",
    )
    name: Mapped[str] = mapped_column(String(255), comment="Name shown to the user.")
    type: Mapped[str] = mapped_column(String(20), comment="How the file came about.")
    file_path: Mapped[str] = mapped_column(String(1024), comment="Key in object storage.")
    mime_type: Mapped[str] = mapped_column(String(50), comment="Media type of the file.")
    format: Mapped[str] = mapped_column(String(10), comment="Short format name, as users know it.")
    resolution: Mapped[str | None] = mapped_column(
        String(20), comment="Width and height, where the format has them."
    )
    is_final: Mapped[bool] = mapped_column(
        server_default=false(), comment="Whether the user accepted the file as finished."
    )
    # The column is called metadata; that attribute is taken on every declarative class.
    metadata_: Mapped[JsonObject | None] = mapped_column(
        "metadata", JSON, comment="Technical properties of the file, free form."
    )

    project: Mapped["Project | None"] = relationship(back_populates="assets")
    user: Mapped["User"] = relationship(back_populates="assets")
    generation_request_source: Mapped["GenerationRequest | None"] = relationship(
        foreign_keys=[generation_request_id], back_populates="generated_assets"
    )
    # Written in a second statement: request and asset refer to each other.
    final_generation_output_of: Mapped["GenerationRequest | None"] = relationship(
        foreign_keys="GenerationRequest.final_asset_id",
        back_populates="final_asset",
        passive_deletes="all",
        post_update=True,
    )
    selected_sample_of: Mapped["GenerationRequest | None"] = relationship(
        foreign_keys="GenerationRequest.selected_sample_id",
        back_populates="selected_sample",
        passive_deletes="all",
        post_update=True,
    )
    generation_result: Mapped["GenerationResult | None"] = relationship(
        back_populates="asset", passive_deletes="all"
    )
    versions: Mapped[list["AssetVersion"]] = relationship(
        back_populates="asset", passive_deletes="all"
    )


class AssetVersion(Identified, Created, Base):
    """One step in the history of an asset's file or of a project's state."""

    __tablename__ = "asset_versions"
    __table_args__ = (
        CheckConstraint("num_nonnulls(asset_id, project_id) = 1", name="one_subject"),
        CheckConstraint("version_number >= 1", name="version_number"),
        Index("idx_assetversion_assetid_version", "asset_id", "version_number", unique=True),
        Index("idx_assetversion_projectid_version", "project_id", "version_number", unique=True),
        Index(None, "created_by_user_id"),
        {"comment": "History of files and of project states; a row is about one of the two."},
    )

    asset_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("assets.id", ondelete="CASCADE"), comment="Asset whose file is kept."
    )
    project_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("projects.id", ondelete="CASCADE"), comment="Project whose state is kept."
    )
    version_number: Mapped[int] = mapped_column(comment="Counts from 1 for each subject.")
    file_path: Mapped[str | None] = mapped_column(
        String(1024), comment="Key in object storage, for a file."
    )
    state_data: Mapped[JsonObject | None] = mapped_column(
        JSON, comment="Editing state, for a project."
    )
    description: Mapped[str | None] = mapped_column(Text, comment="What changed, in words.")
    created_by_user_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL", onupdate="CASCADE"),
        comment="Who made the version, while the account exists.",
    )

    asset: Mapped["Asset | None"] = relationship(back_populates="versions")
    project: Mapped["Project | None"] = relationship(back_populates="versions")
    created_by: Mapped["User | None"] = relationship()
