"""Rows that the maker makes are rows that the server takes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pgassay.core.statement import Statement
from pgassay.postgres.catalog import read_catalog
from pgassay.postgres.session import PipelineSession
from pgassay.rows.insertion import inserts
from pgassay.rows.maker import RowMaker

if TYPE_CHECKING:
    from pgassay.core.catalog import Catalog
    from tests.postgres.cases.values.bench import Bench

HERE = Path(__file__).parent


CHECKED = Statement("set constraints all immediate")


def refusals(session: PipelineSession, statements: list[Statement]) -> list[str]:
    """Run statements in a transaction that is rolled back; return what was refused."""
    replies = session.run_all([Statement("begin"), *statements, Statement("rollback")])
    return [reply.refusal.message for reply in replies if reply.refusal]


@pytest.fixture
def shapes(bench: Bench) -> tuple[Catalog, PipelineSession]:
    connection = bench.database((HERE / "shapes.sql").read_text())
    if connection.info.server_version >= 180000:
        connection.execute((HERE / "shapes18.sql").read_text())
    return read_catalog(connection), PipelineSession(connection)


@pytest.mark.parametrize("optional", [False, True])
def test_three_graphs_of_every_table_stand_side_by_side(
    shapes: tuple[Catalog, PipelineSession], optional: bool
) -> None:
    catalog, session = shapes
    maker = RowMaker(catalog, ask=session)
    refused = {
        str(table.name): refusals(
            session,
            [s for n in range(3) for s in inserts(maker.graph(table, n, optional=optional))]
            + [CHECKED],
        )
        for table in catalog.tables
    }
    assert {name: what for name, what in refused.items() if what} == {}
    assert len(refused) > 30


def test_the_parents_of_every_table_stand_before_its_row(
    shapes: tuple[Catalog, PipelineSession],
) -> None:
    catalog, session = shapes
    maker = RowMaker(catalog, ask=session)
    refused = {
        str(table.name): refusals(session, list(maker.surrounding_needs(table)))
        for table in catalog.tables
    }
    assert {name: what for name, what in refused.items() if what} == {}


def test_rows_of_the_same_number_are_the_same(shapes: tuple[Catalog, PipelineSession]) -> None:
    catalog, session = shapes
    first, second = RowMaker(catalog, ask=session), RowMaker(catalog, ask=session)
    for table in catalog.tables:
        assert first.graph(table, 7) == second.graph(table, 7)


def test_optional_references_are_filled_when_asked_for(
    shapes: tuple[Catalog, PipelineSession],
) -> None:
    catalog, session = shapes
    maker = RowMaker(catalog, ask=session)
    tree = next(t for t in catalog.tables if t.name.name == "tree")
    (alone,) = maker.graph(tree)
    parent, child = maker.graph(tree, optional=True)
    assert (alone.values["parent"], parent.values["parent"]) == (None, None)
    assert child.values["parent"] == parent.values["id"]


def test_rows_of_one_graph_mean_one_row_of_a_table_that_refers_to_itself(bench: Bench) -> None:
    connection = bench.database(
        """create table app (id int primary key, "forkedFrom" int references app);
           create table image (id int primary key, app int not null references app);
           create table message (id int primary key, app int not null references app);
           create table attachment (
               id int primary key,
               image int not null references image, message int not null references message
           )"""
    )
    catalog = read_catalog(connection)
    maker = RowMaker(catalog, ask=PipelineSession(connection))
    attachment = next(table for table in catalog.tables if table.name.name == "attachment")
    graph = maker.graph(attachment, 1, optional=True)
    apps = [row for row in graph if row.table.name.name == "app"]
    meant = {row.values["app"] for row in graph if "app" in row.values}
    assert len(apps) == 2, "an app, and the one it was forked from"
    assert meant == {row.values["id"] for row in apps if row.values["forkedFrom"] is not None}
