"""A validation from its beginning to its verdict, as a stream of events."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import pgassay
from pgassay.core.case import Status
from pgassay.core.errors import ConfigError, suggestion
from pgassay.core.event import (
    CaseFinished,
    Event,
    FindingMade,
    PhaseFinished,
    PhaseStarted,
    RunFinished,
    RunStarted,
    Told,
)
from pgassay.core.finding import Severity
from pgassay.run.history.revisions import revisions_of
from pgassay.run.migration.before import BeforeRoute, BeforeStand
from pgassay.run.migration.files import is_file, sql_file
from pgassay.run.migration.ground import Ground
from pgassay.run.migration.lanes import side_by_side
from pgassay.run.migration.parts import PARTS
from pgassay.run.migration.selection import each, select
from pgassay.run.populate import filled
from pgassay.run.routes import alembic_of
from pgassay.sqla.workshop import Workshop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgassay.core.route import Route
    from pgassay.run.migration.ground import MigrationOrder
    from pgassay.run.migration.selection import Selection
    from pgassay.run.stand import Request
    from pgassay.sqla.alembic_route import AlembicRoute


def validate(request: Request, order: MigrationOrder) -> Iterator[Event]:
    """Validate the revisions of one system that are asked for, and yield what happens.

    Raises:
        ConfigError: there is no such revision, branch, profile or part; the system has no
            Alembic migrations.
        SchemaError: the history is broken, or what comes before the revisions fails.
        MachineError: no server can be had.
    """
    for name in order.parts:
        if name not in PARTS:
            raise ConfigError(
                f'there is no part "{name}"', where="--part", expected=suggestion(name, PARTS)
            )
    if order.revision is not None and is_file(order.revision):
        yield from _of_file(request, order, Path(order.revision))
        return
    route = _history_of(request)
    history = revisions_of(route)
    root = (route.root or route.config.parent).resolve()
    if order.every:
        chosen = each(history)
    else:
        chosen = [select(history, order.revision, base=order.base, root=root)]
    with Workshop(route) as workshop:
        for selection in chosen:
            before = BeforeRoute(alembic=route, selection=selection)
            make = partial(Ground, route=route, workshop=workshop)
            yield from _validated(request, order, selection, before, make)


def _of_file(request: Request, order: MigrationOrder, path: Path) -> Iterator[Event]:
    file, selection, before = sql_file(request, path)
    yield from _validated(request, order, selection, before, partial(Ground, route=file))


def _validated(
    request: Request,
    order: MigrationOrder,
    selection: Selection,
    before: Route,
    make: Callable[..., Ground],
) -> Iterator[Event]:
    started = perf_counter()
    system, bad = request.system.name, 0
    yield PhaseStarted(system=system, phase="before")
    with BeforeStand(request, before, profile=order.profile) as stand:
        yield RunStarted(
            command="migration",
            system=system,
            server=stand.server.why,
            postgres=stand.server.version,
            seed=request.seed,
            version=pgassay.__version__,
        )
        yield Told(system=system, text=f"{_named(selection)} ({selection.why})")
        yield PhaseFinished(
            system=system,
            phase="before",
            seconds=perf_counter() - started,
            counts={"built" if stand.built else "cloned": 1},
        )
        yield from filled(stand)
        ground = make(request=request, order=order, selection=selection, stand=stand)
        for event in side_by_side(ground, order.parts or tuple(PARTS)):
            bad += _is_bad(event)
            yield event
    yield RunFinished(system=system, passed=bad == 0, seconds=perf_counter() - started)


def _history_of(request: Request) -> AlembicRoute:
    route = alembic_of(request.config, request.system)
    if route is None:
        name = request.system.name
        raise ConfigError(
            "it has no Alembic migrations",
            where=name,
            expected="a history of revisions",
            fix=f'[tool.pgassay.systems.{name}]\nalembic = "alembic.ini"',
        )
    return replace(route, revision="head")


def _named(selection: Selection) -> str:
    names = [str(one) for one in selection.revisions]
    return f"revision {names[0]}" if len(names) == 1 else f"revisions {', '.join(names)}"


def _is_bad(event: Event) -> bool:
    match event:
        case CaseFinished(outcome=outcome):
            return outcome.status in (Status.FAILED, Status.ERROR)
        case FindingMade(finding=finding):
            return finding.severity is Severity.ERROR
        case _:
            return False
