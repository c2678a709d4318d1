"""The date that partitions are judged by: injected, so that no gate turns red at midnight."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pgassay.core.errors import ConfigError

if TYPE_CHECKING:
    from datetime import date


def day(text: str | None) -> date:
    """Return the date named, or today in UTC. Raises ConfigError for what is no date."""
    if text is None:
        return datetime.now(UTC).date()
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise ConfigError(f'"{text}" is no date', where="today", expected="YYYY-MM-DD") from None
