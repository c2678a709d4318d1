"""Checks that look at rows and statistics: on what is bad, good and nearly bad; their fixes mend.

The files are as those of the examples, each part with rows, and analyzed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pgassay.checks.ground import Ground, Relations
from pgassay.checks.registry import built_in
from pgassay.postgres.catalog import read_catalog
from pgassay.postgres.session import PipelineSession
from pgassay.postgres.statistics import read
from tests.postgres.checks.conftest import build, parts_of, within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import psycopg

    from pgassay.checks.check import Problem
    from pgassay.postgres.servers import Server
    from tests.postgres.checks.conftest import Part

    Connection = psycopg.Connection[tuple[object, ...]]

FOLDER = Path(__file__).with_name("with_rows")
SLUGS = sorted(path.stem for path in FOLDER.iterdir())
BY_HAND = {"column_of_one_value", "partition_default_not_empty", "sequence_near_its_end"}


class Rows:
    """Every part built in one database."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.parts = [part for slug in SLUGS for part in parts_of(slug, FOLDER)]
        for part in self.parts:
            build(connection, part)
        connection.execute("reset search_path")

    def problems(self) -> dict[str, list[Problem]]:
        """Return what each part's check finds in it now."""
        catalog, statistics = read_catalog(self.connection), read(self.connection)
        session = PipelineSession(self.connection)

        def of(part: Part) -> list[Problem]:
            check = built_in()[part.slug]
            ground = Ground(
                relations=Relations(within(catalog, part.schema)),
                options={**check.options, **part.options},
                today=part.today,
                rows=session,
                statistics=statistics,
            )
            return list(check.find(ground))

        return {part.schema: of(part) for part in self.parts}


@pytest.fixture(scope="module")
def rows(server_of: Callable[[int], Server], major: int) -> Iterator[Rows]:
    server = server_of(major)
    with server.connect(server.create_database("with_rows")) as connection:
        yield Rows(connection)


def test_they_fire_on_what_is_bad_and_on_nothing_else_and_their_fixes_mend(rows: Rows):
    problems = rows.problems()
    assert [p.schema for p in rows.parts if p.fires and not problems[p.schema]] == []
    assert [problems[p.schema] for p in rows.parts if not p.fires and problems[p.schema]] == []
    chain = next(p.schema for p in rows.parts if p.slug == "cascade_reads_whole_table")
    assert "deletes about 10 of" in problems[chain][0].found

    mended = [part for part in rows.parts if part.slug not in BY_HAND]
    fixes = [problem.fix for part in mended for problem in problems[part.schema]]
    assert all(fixes)
    for fix in dict.fromkeys(fixes):
        for statement in fix.splitlines():
            rows.connection.execute(statement.encode())
    left = rows.problems()
    assert {part.schema: left[part.schema] for part in mended if left[part.schema]} == {}
