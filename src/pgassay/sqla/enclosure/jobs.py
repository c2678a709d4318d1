"""Inside the enclosure: the jobs of an Alembic environment, by the word that asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pgassay.sqla.enclosure.migrations import Migrations


def jobs(migrations: Migrations, job: Mapping[str, Any]) -> dict[str, object]:
    """Do what a message asks for."""
    known = _JOBS.get(job["do"])
    if known is None:
        raise ValueError(f"no job is called {job['do']!r}")
    return known(migrations, str(job.get("revision", "head")), job)


def _stepped(migrations: Migrations, revision: str, job: Mapping[str, Any]) -> dict[str, object]:
    gates = {int(number): key for number, key in job["gates"].items()}
    return migrations.stepped(revision, down=job["down"], fail_at=job["fail_at"], gates=gates)


_JOBS: dict[str, Callable[[Migrations, str, Mapping[str, Any]], dict[str, object]]] = {
    "upgrade": lambda migrations, revision, _: migrations.upgrade(revision),
    "downgrade": lambda migrations, revision, _: migrations.downgrade(revision),
    "stepped": _stepped,
    "watched": lambda migrations, revision, job: migrations.watched(
        revision, down=bool(job.get("down"))
    ),
    "provide": lambda migrations, *_: migrations.provide(),
    "offline": lambda migrations, revision, job: migrations.offline(
        revision, down=bool(job.get("down"))
    ),
    "history": lambda migrations, *_: migrations.history(),
    "prepare": lambda migrations, *_: migrations.prepare(),
    "promised": lambda migrations, *_: migrations.survey(),
}
