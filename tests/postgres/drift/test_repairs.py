"""Every alteration of the shop is seen, and the statements of its findings undo and redo it."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from pgassay.core.catalog import Catalog
from pgassay.core.finding import Finding, Severity
from pgassay.drift.compare import compare
from pgassay.drift.policy import DriftPolicy
from pgassay.postgres.catalog import read_catalog
from pgassay.postgres.catalog.fixpoint import ServerFixpoint  # noqa: TC001 - a fixture names it
from pgassay.postgres.servers import Server  # noqa: TC001 - a fixture names it
from tests.postgres.drift.alterations import ALL, Alteration

Connection = psycopg.Connection[tuple[object, ...]]
Drift = Callable[[Catalog, Catalog], list[Finding]]


@pytest.fixture
def drift(fixpoint: ServerFixpoint) -> Drift:
    def found(promised: Catalog, built: Catalog) -> list[Finding]:
        findings = compare(
            promised,
            built,
            fixpoint=fixpoint,
            promised_by="models",
            built_by="migrations",
            policy=DriftPolicy(),
        )
        return [finding for finding in findings if finding.severity is Severity.ERROR]

    return found


def applied(findings: list[Finding], connection: Connection) -> Catalog:
    for finding in findings:
        assert finding.fix, finding.title
        connection.execute(finding.fix.encode())
    return read_catalog(connection)


def told(findings: list[Finding]) -> list[str]:
    return [f"{f.fingerprint}: {f.title}" for f in findings]


def on(*majors: int, later: tuple[int, ...] = (), **wanted: bool) -> pytest.MarkDecorator:
    """Run a test on those majors with every alteration that they know; on `later` with `slow`."""
    cases = [
        pytest.param(
            major,
            alteration,
            id=f"{major}-{alteration.sql}",
            marks=[pytest.mark.slow] if major in later else [],
        )
        for major in majors
        for alteration in ALL
        if alteration.major <= major
        and all(getattr(alteration, name) is value for name, value in wanted.items())
    ]
    return pytest.mark.parametrize(("major", "alteration"), cases, indirect=["major"])


@on(18, undone=False)
def test_what_cannot_be_repaired_is_told_without_a_statement_for_it(
    alteration: Alteration, connection: Connection, shop: Catalog, drift: Drift
) -> None:
    connection.execute(alteration.sql.encode())

    assert any(not finding.fix for finding in drift(shop, read_catalog(connection)))


@on(16, 17, 18, later=(17,), undone=True)
def test_the_repairs_undo_an_alteration(
    alteration: Alteration, connection: Connection, shop: Catalog, drift: Drift
) -> None:
    connection.execute(alteration.sql.encode())
    found = drift(shop, read_catalog(connection))

    assert found
    assert told(drift(shop, applied(found, connection))) == []


@on(16, 18, later=(16,), redone=True)
def test_the_repairs_redo_an_alteration(
    alteration: Alteration, connection: Connection, shop: Catalog, drift: Drift
) -> None:
    with connection.transaction(force_rollback=True):
        connection.execute(alteration.sql.encode())
        altered = read_catalog(connection)
    found = drift(altered, shop)

    assert found
    assert told(drift(altered, applied(found, connection))) == []


def test_the_repairs_build_everything_in_an_empty_database(
    server: Callable[[int], Server], shop: Catalog, major: int, drift: Drift
) -> None:
    server(major).create_database("nothing")
    with psycopg.connect(server(major).conninfo("nothing")) as connection:
        found = drift(shop, read_catalog(connection))
        # Servers of other data are no part of a catalog.
        connection.execute(b"create foreign data wrapper nowhere")
        connection.execute(b"create server far foreign data wrapper nowhere")

        assert told(drift(shop, applied(found, connection))) == []
    server(major).drop_database("nothing")


def test_the_repairs_drop_everything_that_was_not_promised(
    connection: Connection, shop: Catalog, drift: Drift
) -> None:
    nothing = Catalog(
        major=shop.major,
        schemas=tuple(s for s in shop.schemas if s.name == "public"),
        extensions=tuple(e for e in shop.extensions if e.name == "plpgsql"),
    )
    found = drift(nothing, shop)

    assert told(drift(nothing, applied(found, connection))) == []
