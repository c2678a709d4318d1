"""Audio: mixer projects and the tracks in them."""

from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Index, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schema.pulse.base import Base, Created, Identified, Updated, database_enum, reference

if TYPE_CHECKING:
    from schema.pulse.accounts import User


@database_enum
class AudioStorageType(StrEnum):
    """Where a recording lies: object storage, or the browser's private file system."""

    R2 = "R2"
    OPFS = "OPFS"


class AudioMixerProject(Identified, Created, Updated, Base):
    """A mix that a user works on."""

    __tablename__ = "audio_mixer_projects"
    __table_args__ = (Index(None, "userId", "createdAt"),)

    userId: Mapped[str] = mapped_column(reference("users.id", ondelete="CASCADE"))
    name: Mapped[str]
    description: Mapped[str | None]

    user: Mapped["User"] = relationship()
    tracks: Mapped[list["AudioTrack"]] = relationship(
        back_populates="project", passive_deletes="all"
    )


class AudioTrack(Identified, Created, Updated, Base):
    """One recording in a mix, in the cloud or in the browser's own storage."""

    __tablename__ = "audio_tracks"
    __table_args__ = (Index(None, "projectId", "sortOrder"),)

    projectId: Mapped[str] = mapped_column(reference("audio_mixer_projects.id", ondelete="CASCADE"))
    name: Mapped[str]
    fileUrl: Mapped[str | None]
    fileR2Key: Mapped[str | None]
    fileFormat: Mapped[str]
    duration: Mapped[float]
    fileSizeBytes: Mapped[int]
    volume: Mapped[float] = mapped_column(server_default=text("1.0"))
    muted: Mapped[bool] = mapped_column(server_default=false())
    solo: Mapped[bool] = mapped_column(server_default=false())
    sortOrder: Mapped[int] = mapped_column(server_default=text("0"))
    storageType: Mapped[AudioStorageType] = mapped_column(server_default=AudioStorageType.R2)

    project: Mapped["AudioMixerProject"] = relationship(back_populates="tracks")
