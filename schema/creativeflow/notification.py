"""Notification: messages of the system to its users, partitioned by month."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schema.creativeflow.base import JSON, NEW_UUID, UTC_NOW, Base, JsonObject, Updated

if TYPE_CHECKING:
    from schema.creativeflow.identity import User


class Notification(Updated, Base):
    """One message to one user, and whether it was read."""

    __tablename__ = "notifications"
    __table_args__ = (
        Index("idx_notification_userid_isread_createdat", "user_id", "is_read", "created_at"),
        Index(
            "idx_notification_userid_isread_unread",
            "user_id",
            postgresql_where=text("is_read = false"),
        ),
        Index(None, "created_at"),
        {
            "comment": "Messages of the system to users, partitioned by month of created_at.",
            "postgresql_partition_by": "RANGE (created_at)",
        },
    )

    id: Mapped[UUID] = mapped_column(
        primary_key=True,
        server_default=NEW_UUID,
        comment="Surrogate key; the primary key only together with created_at.",
    )
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), comment="Who is told."
    )
    type: Mapped[str] = mapped_column(String(50), comment="Kind of message, decides how it looks.")
    message: Mapped[str] = mapped_column(Text, comment="Text as the user reads it. [personal]")
    # The column is called metadata; that attribute is taken on every declarative class.
    metadata_: Mapped[JsonObject | None] = mapped_column(
        "metadata", JSON, comment="What the interface needs besides the text, free form."
    )
    is_read: Mapped[bool] = mapped_column(
        server_default=false(), comment="Whether the user has seen it."
    )
    created_at: Mapped[datetime] = mapped_column(
        primary_key=True,
        server_default=UTC_NOW,
        comment="When the message was made, UTC; decides the partition.",
    )

    user: Mapped["User"] = relationship(back_populates="notifications")
