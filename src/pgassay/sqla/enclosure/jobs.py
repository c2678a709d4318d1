"""Inside the enclosure: the jobs of an Alembic environment, by the word that asks for them."""

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
        case "stepped":
            gates = {int(number): key for number, key in job.get("gates", {}).items()}
            return migrations.stepped(
                revision, down=bool(job.get("down")), fail_at=job.get("fail_at"), gates=gates
            )
        case "provide":
            return migrations.provide()
        case "offline":
            return migrations.offline(revision, down=bool(job.get("down")))
        case "history":
            return migrations.history()
        case "promised":
            return migrations.survey()
    raise ValueError(f"no job is called {job['do']!r}")
