"""The grounds that checks stand on: of a stand, with rows or without, and of a database that lives.

What costs time (importing models, reading statistics, asking hot queries) is only done where a
check needs it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgassay.checks.ground import Ground, HotPlan, Relations
from pgassay.core.check import Need
from pgassay.core.route import Target
from pgassay.drift.policy import BOOKKEEPING
from pgassay.plans.places import Places
from pgassay.postgres.catalog import read_catalog
from pgassay.postgres.looking import LookingSession, looking
from pgassay.postgres.session import PipelineSession
from pgassay.postgres.statistics import read
from pgassay.run.routes import CONTRACT, routes_of, target_of
from pgassay.sqla.inventory import ENVIRONMENT
from pgassay.sqla.metadata_route import MetadataRoute

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date

    import psycopg

    from pgassay.core.catalog import Catalog
    from pgassay.core.config import Config, System
    from pgassay.core.models import ModelFacts
    from pgassay.run.stand import Stand

_NOWHERE = Target(host="127.0.0.1", port=1, user="nobody", dbname="nothing")
"""Where models that connect while they are imported do not get."""


def offers_of_stand(stand: Stand) -> frozenset[Need]:
    """Return the needs that a stand meets."""
    found = {Need.CATALOG}
    if CONTRACT in stand.routes:
        found.add(Need.MODELS)
    if stand.has_rows:
        found |= {Need.DATA, Need.STATISTICS}
        if stand.request.system.benchmarks is not None:
            found.add(Need.QUERIES)
    return frozenset(found)


def ground_of_stand(stand: Stand, needs: Collection[Need]) -> Ground:
    """Return the ground of what a stand's migrations built.

    Args:
        stand: populated, if it is to have rows.
        needs: what the checks need.

    Raises:
        SchemaError: the models do not import.
    """
    ground = Ground(
        relations=Relations(without_books(stand.catalogs[stand.proven])),
        today=stand.request.today,
        partitions=stand.request.system.partitions,
        session=stand.session(stand.lent(stand.proven)),
        models=_models_of(stand) if Need.MODELS in needs else None,
    )
    if not stand.has_rows:
        return ground
    database = stand.clone()
    connection = stand.connect(database)
    return replace(
        ground,
        rows=PipelineSession(connection),
        statistics=read(connection) if Need.STATISTICS in needs else None,
        plans=tuple(_plans(stand, ground.catalog, database)) if Need.QUERIES in needs else None,
    )


def offers_of_database(system: System | None) -> frozenset[Need]:
    """Return the needs that a database that lives meets, given the system that it is of."""
    found = {Need.CATALOG, Need.DATA, Need.STATISTICS, Need.LIVE}
    if system is not None and system.metadata and ENVIRONMENT not in system.metadata:
        found |= {Need.MODELS, Need.DEPLOYED}
    return frozenset(found)


def ground_of_database(
    connection: psycopg.Connection[object],
    today: date,
    needs: Collection[Need],
    *,
    system: System | None = None,
    config: Config | None = None,
) -> Ground:
    """Return the ground of a database that lives. No table of it is read.

    Args:
        connection: that only looks.
        today: by which rules about time judge.
        needs: what the checks need.
        system: whose database it is.
        config: the system's configuration, for its models.

    Raises:
        SchemaError: the models do not import.
    """
    models = None
    if system and config and {Need.MODELS, Need.DEPLOYED} & set(needs):
        route = routes_of(config, system).get(CONTRACT)
        assert isinstance(route, MetadataRoute)
        models = route.promises(_NOWHERE)
    with looking(connection):
        catalog = read_catalog(connection)
    session = LookingSession(connection)
    return Ground(
        relations=Relations(without_books(catalog, system)),
        today=today,
        partitions=system.partitions if system else (),
        session=session,
        rows=session,
        statistics=read(connection) if Need.STATISTICS in needs else None,
        models=models,
        live=True,
    )


def without_books(catalog: Catalog, system: System | None = None) -> Catalog:
    """Return a catalog without the tables in which migration tools keep their books."""
    declared = frozenset(system.bookkeeping if system else ())
    gone = {t.name for t in catalog.tables if t.name.name in BOOKKEEPING or t.name in declared}
    return replace(
        catalog,
        tables=tuple(t for t in catalog.tables if t.name not in gone),
        sequences=tuple(s for s in catalog.sequences if s.owned_by not in gone),
    )


def _models_of(stand: Stand) -> ModelFacts:
    """Return what the models say, from a note where there is one of this template."""
    note = stand.note("what models say")
    known: ModelFacts | None = note.read()
    if known is None:
        known = stand.told
        if known is None:
            route = stand.routes[CONTRACT]
            assert isinstance(route, MetadataRoute)
            known = route.promises(target_of(stand.server, stand.lent(stand.proven)))
        note.write(known)
    return known


def _plans(stand: Stand, catalog: Catalog, database: str) -> Iterator[HotPlan]:
    """Yield the plans of the hot queries; one that the server refuses is the bench's to tell."""
    from pgassay.postgres.explain import QueryRefusedError  # noqa: PLC0415 - only with rows
    from pgassay.run.bench import queries_of  # noqa: PLC0415 - only with rows
    from pgassay.run.query_bench import QueryBench  # noqa: PLC0415 - as above

    bench = QueryBench(stand.session(database), Places(catalog), kept=stand.request.system.settings)
    for question in bench.questions(queries_of(stand.request)):
        try:
            plan = bench.measured(question).plan
        except QueryRefusedError:
            continue
        query = question.query
        yield HotPlan(query=query.name, asked=question.asked, source=query.file, plan=plan)
