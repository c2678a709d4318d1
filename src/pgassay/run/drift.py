"""Drift: every route builds what the models promise, and the models keep the locked contract.

The catalogs of two databases are compared, not the scripts that built them, so it makes no
difference how a route gets there. Code is written against the models; where the migrations build
something else, it meets a database that behaves otherwise. The lock guards against the third way:
a promise that is dropped from the models and the migrations at once.

To mend it, change the side that is wrong; the finding names the statement that would make the
database what the models promise, where there is one. A change of the contract that is meant is
accepted by `pgassay lock --accept`, and reviewed as a change of the lock file.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from pgassay.core.case import Subject, Trial
from pgassay.core.finding import Finding
from pgassay.drift.compare import compare
from pgassay.drift.lock import read_lock
from pgassay.drift.policy import DriftPolicy
from pgassay.postgres.catalog.fixpoint import ServerFixpoint
from pgassay.run.routes import CONTRACT
from pgassay.run.trial import Runnable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.catalog import Catalog
    from pgassay.run.stand import Stand

BUILDERS = {
    CONTRACT: "models",
    "alembic": "migrations",
    "sql": "SQL files",
    "ddl": "reference DDL files",
}
"""Who built what, as nouns that `the` goes before."""


def drift_trials(stand: Stand) -> Iterator[Runnable]:
    """Yield one trial for each route beside the contract, and one for the lock."""
    contract = stand.contract
    for name, catalog in stand.catalogs.items():
        if name == CONTRACT or catalog is contract:
            continue
        builder = BUILDERS[name]
        yield Runnable(
            trial=_trial(stand, f"the {builder} build what the models promise"),
            perform=partial(_compare, stand, contract, catalog, "models", builder),
        )
    if stand.request.system.lock is not None:
        builder = "models" if CONTRACT in stand.catalogs else BUILDERS[stand.proven]
        yield Runnable(
            trial=_trial(stand, f"the {builder} keep the locked contract"),
            perform=partial(_locked, stand, contract, builder),
        )


def drift_policy(stand: Stand, built_by: str) -> DriftPolicy:
    """Return what the system's comparisons leave out.

    Which partitions by time must exist is asked of migrations alone: models, reference DDL and
    the lock say what a partitioned table is, not how far it reaches today.
    """
    system = stand.request.system
    migrated = built_by in (BUILDERS["alembic"], BUILDERS["sql"])
    return DriftPolicy(
        only_migrations=system.only_migrations if migrated else (),
        bookkeeping=tuple(stand.bookkeeping),
        partitions=system.partitions if migrated else (),
    )


def _trial(stand: Stand, title: str) -> Trial:
    return Trial(kind="drift", subject=Subject(object=stand.name), title=title)


def _compare(
    stand: Stand, promised: Catalog, built: Catalog, promised_by: str, built_by: str
) -> Iterator[Finding]:
    with stand.server.connect(stand.lent(CONTRACT)) as connection:
        yield from compare(
            promised,
            built,
            fixpoint=ServerFixpoint(connection),
            promised_by=promised_by,
            built_by=built_by,
            policy=drift_policy(stand, built_by),
        )


def _locked(stand: Stand, contract: Catalog, builder: str) -> Iterator[Finding]:
    path = stand.request.system.lock
    assert path is not None
    if not path.exists():
        yield Finding(
            slug="drift",
            subject=Subject(object=stand.name),
            title="the contract is not locked",
            found=f"there is no {path.name}",
            expected="a locked contract that a review can read",
            why="a promise dropped from the models and the migrations at once goes unnoticed",
            fix=f"pgassay lock --system {stand.name} --accept",
            discriminator="no lock",
        )
        return
    locked = read_lock(path.read_text(encoding="utf-8"), where=str(path))
    back = "bring it back in the models and the migrations; if the change is meant, accept it:"
    accept = f"pgassay lock --system {stand.name} --accept"
    for finding in _compare(stand, locked, contract, "lock", builder):
        # The statement that makes one database what the lock says would last until the next run.
        yield replace(finding, fix=f"{back}\n{accept}")
