"""What every CreativeFlow model shares: the base class, constraint names, key and time columns.

Times are `timestamp without time zone` and hold UTC. `CURRENT_TIMESTAMP` would store the session's
local time in such a column, so every time default is `timezone('utc', now())`.

A column comment ends in `[personal]` where the column says something about a person, and in
`[sensitive]` where it holds a secret or something derived from one. No other comment ends in
brackets, so a check or a data dictionary can read the tags.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import FetchedValue, MetaData, inspect, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING_CONVENTION = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "ix": "idx_%(table_name)s_%(column_0_N_name)s",
}

UTC_NOW = text("timezone('utc', now())")
NEW_UUID = text("gen_random_uuid()")

# None is stored as SQL NULL: JSON's own null would pass a NOT NULL column unseen.
JSON = JSONB(none_as_null=True)

JsonObject = dict[str, Any]
JsonArray = list[Any]


class Base(DeclarativeBase):
    """Base of all CreativeFlow models; its metadata names every constraint."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)

    def __repr__(self) -> str:
        """The class and its key: enough to find the row, and nothing personal."""
        state = inspect(self)
        key = state.identity if state.identity is not None else "no identity yet"
        return f"<{type(self).__name__} {key}>"


class Identified:
    """A surrogate key that any writer can make without asking a sequence."""

    id: Mapped[UUID] = mapped_column(
        primary_key=True, server_default=NEW_UUID, sort_order=-1, comment="Surrogate key."
    )


class Created:
    """When the row was written."""

    created_at: Mapped[datetime] = mapped_column(
        server_default=UTC_NOW, sort_order=90, comment="When the row was written, UTC."
    )


class Updated:
    """When the row last changed; kept by a trigger for every client, not by the ORM."""

    updated_at: Mapped[datetime] = mapped_column(
        server_default=UTC_NOW,
        server_onupdate=FetchedValue(),
        sort_order=91,
        comment="When the row last changed, UTC; a trigger sets it, whatever the client sends.",
    )


class SoftDeleted:
    """Rows are marked before they are removed, so that a deletion can be undone."""

    deleted_at: Mapped[datetime | None] = mapped_column(
        sort_order=92, comment="When the row was marked as deleted, UTC; NULL while it is in use."
    )
