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
from pgassay.postgres.catalog.fixpoint import ServerFixpoint
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


def known(alteration: Alteration, major: int) -> None:
    if major < alteration.major:
        pytest.skip(f"PostgreSQL {major} does not know it")


@pytest.mark.parametrize("alteration", ALL, ids=lambda a: a.sql)
def test_every_alteration_is_seen_from_both_sides(
    alteration: Alteration, connection: Connection, shop: Catalog, major: int, drift: Drift
) -> None:
    known(alteration, major)
    connection.execute(alteration.sql.encode())
    altered = read_catalog(connection)

    assert drift(shop, altered)
    if alteration.redone:
        assert drift(altered, shop)


@pytest.mark.parametrize("alteration", [a for a in ALL if a.undone], ids=lambda a: a.sql)
def test_the_repairs_undo_an_alteration(
    alteration: Alteration, connection: Connection, shop: Catalog, major: int, drift: Drift
) -> None:
    known(alteration, major)
    connection.execute(alteration.sql.encode())
    found = drift(shop, read_catalog(connection))

    assert told(drift(shop, applied(found, connection))) == []


@pytest.mark.parametrize("alteration", [a for a in ALL if a.redone], ids=lambda a: a.sql)
def test_the_repairs_redo_an_alteration(
    alteration: Alteration, connection: Connection, shop: Catalog, major: int, drift: Drift
) -> None:
    known(alteration, major)
    with connection.transaction(force_rollback=True):
        connection.execute(alteration.sql.encode())
        altered = read_catalog(connection)
    found = drift(altered, shop)

    assert told(drift(altered, applied(found, connection))) == []
