"""Inside the enclosure: what can be asked of an Alembic history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgassay.sqla.enclosure.migrations import Migrations


def jobs(migrations: Migrations, job: Mapping[str, Any]) -> dict[str, object]:
    """Do what a message asks for."""
    revision = str(job.get("revision", "head"))
    match job["do"]:
        case "upgrade":
            return migrations.upgrade(revision)
        case "downgrade":
            return migrations.downgrade(revision)
        case "watched":
            return migrations.watched(revision, down=bool(job.get("down")))
        case "offline":
            return migrations.offline(revision, down=bool(job.get("down")))
        case "history":
            return migrations.history()
        case "promised":
            return migrations.survey()
    raise ValueError(f"no job is called {job['do']!r}")
