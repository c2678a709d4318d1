"""Every alteration of the shop is seen, and the statements of its findings undo and redo it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pgassay.core.finding import Severity
from pgassay.drift.compare import compare
from pgassay.drift.policy import DriftPolicy
from pgassay.postgres.catalog import read_catalog
from pgassay.postgres.catalog.fixpoint import ServerFixpoint
from tests.postgres.drift.alterations import ALL, Alteration

if TYPE_CHECKING:
    from pgassay.core.catalog import Catalog
    from pgassay.core.finding import Finding
    from tests.postgres.drift.conftest import Connection


def drift(promised: Catalog, built: Catalog, connection: Connection) -> list[Finding]:
    found = compare(
        promised,
        built,
        fixpoint=ServerFixpoint(connection),
        promised_by="models",
        built_by="migrations",
        policy=DriftPolicy(),
    )
    return [finding for finding in found if finding.severity is Severity.ERROR]


def applied(findings: list[Finding], connection: Connection) -> Catalog:
    for finding in findings:
        assert finding.fix, finding.title
        connection.execute(finding.fix.encode())
    return read_catalog(connection)


def told(findings: list[Finding]) -> list[str]:
    return [f"{f.fingerprint}: {f.title}" for f in findings]


@pytest.mark.parametrize("alteration", [a for a in ALL if a.undone], ids=lambda a: a.sql)
def test_the_repairs_undo_an_alteration(
    alteration: Alteration, connection: Connection, shop: Catalog, major: int
) -> None:
    if major < alteration.major:
        pytest.skip(f"PostgreSQL {major} does not know it")
    connection.execute(alteration.sql.encode())
    found = drift(shop, read_catalog(connection), connection)

    assert found
    assert told(drift(shop, applied(found, connection), connection)) == []


@pytest.mark.parametrize("alteration", [a for a in ALL if a.redone], ids=lambda a: a.sql)
def test_the_repairs_redo_an_alteration(
    alteration: Alteration, connection: Connection, shop: Catalog, major: int
) -> None:
    if major < alteration.major:
        pytest.skip(f"PostgreSQL {major} does not know it")
    with connection.transaction(force_rollback=True):
        connection.execute(alteration.sql.encode())
        altered = read_catalog(connection)
    found = drift(altered, shop, connection)

    assert found
    assert told(drift(altered, applied(found, connection), connection)) == []
