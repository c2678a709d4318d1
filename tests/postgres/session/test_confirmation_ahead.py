"""Cases are confirmed on another copy while the next are derived: the same cases, in order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

import pytest

from pgassay.cases.confirmation import confirmed
from pgassay.cases.derivation import Source
from pgassay.core.case import Accepted, Case, Refused, Step, Subject, Unproven
from pgassay.core.statement import Statement
from pgassay.postgres.catalog import read_catalog
from pgassay.postgres.session import PipelineSession
from pgassay.rows.maker import RowMaker
from pgassay.rows.unsatisfiable import Unsatisfiable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.postgres.servers import Server

GROUPS = 40  # more than may be in flight
SUBJECT = Subject(object="t")


@pytest.fixture
def source(server: Server, database: str) -> Iterator[Source]:
    other = server.create_database(f"{database}_ahead")
    with server.connect(database) as one, server.connect(other) as two:
        contract, ask = read_catalog(one), PipelineSession(one)
        yield Source(
            contract=contract, rows=RowMaker(contract, ask=ask, built=contract), ask=ask,
            built=contract, today=date(2026, 11, 21), ahead=PipelineSession(two),
        )  # fmt: skip


def cases() -> Iterator[Case | Unproven]:
    """Kept ones, one that the server does otherwise, one that is unproven, in every group."""
    for group in range(GROUPS):
        needs = (Statement(f"create table t{group} (id int not null)"),)
        insert = Statement(f"insert into t{group} values ($1)", (None,))
        for title, expect in (("kept", Refused(sqlstate="23502")), ("not kept", Accepted())):
            step = Step(statement=insert, expect=expect)
            yield Case(kind="k", subject=SUBJECT, title=f"{group} {title}", needs=needs,
                       steps=(step, Step(statement=insert, expect=Accepted()))[:1])  # fmt: skip
        yield Unproven(kind="k", subject=SUBJECT, title=f"{group} unproven", reason="no row")
    yield Case(kind="k", subject=SUBJECT, title="refused needs", needs=(Statement("select 1/0"),),
               steps=(Step(statement=Statement("select 1"), expect=Accepted()),))  # fmt: skip


def works(source: Source) -> bool:
    """Whether the session can be used for something else, with nothing left behind."""
    assert isinstance(source.ahead, PipelineSession)
    there = source.ahead.run(
        Statement("select count(*) from pg_tables where tablename ~ '^t[0-9]'")
    )
    return there.rows == (("0",),)


def test_what_is_confirmed_ahead_is_what_is_confirmed_one_after_the_other(source: Source) -> None:
    ahead = list(confirmed(source, cases()))
    assert ahead == list(confirmed(replace(source, ahead=None), cases()))
    assert [c.title for c in ahead] == [c.title for c in cases()]
    assert sum(isinstance(c, Unproven) for c in ahead) == 2 * GROUPS
    assert isinstance(ahead[-1], Case), "needs that are refused are told where the case is run"
    assert works(source)


def test_what_was_derived_before_no_row_was_found_is_kept(source: Source) -> None:
    def some() -> Iterator[Case | Unproven]:
        yield from islice(cases(), 9)
        raise Unsatisfiable("a check", "false", where="t")

    found: list[Case | Unproven] = []
    with pytest.raises(Unsatisfiable):
        found.extend(confirmed(source, some()))
    assert [c.title for c in found] == [c.title for c in islice(cases(), 9)]
    assert works(source)


def test_a_reader_who_stops_early_leaves_the_session_as_it_was(source: Source) -> None:
    found = confirmed(source, cases())
    assert next(found).title == "0 kept"
    found.close()  # type: ignore[attr-defined]  # a generator, told as an iterator
    assert works(source)
