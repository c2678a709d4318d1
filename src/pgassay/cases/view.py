"""Views: every view can be read and has its columns; a materialised one can be refreshed.

What it finds
    A view that is missing, lacks a column, or fails when it runs: a function it calls is gone, a
    materialised view that was never populated, a refresh that breaks its own unique index.

Why it hurts
    PostgreSQL keeps a view from losing a column it uses, but not from failing when it runs, and
    the reports that read views run at month's end.

Bad example
    CREATE MATERIALIZED VIEW ... WITH NO DATA, and no job that refreshes it.

Good example
    A refresh as part of the deployment, and a unique index so that it can run CONCURRENTLY.

How to fix
    CREATE OR REPLACE VIEW ..., REFRESH MATERIALIZED VIEW ...

When to ignore
    Never: if the view is not wanted, the models are wrong.

Reference
    PostgreSQL documentation: CREATE VIEW; Materialized Views; REFRESH MATERIALIZED VIEW.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.case import Accepted, Case, Refused, Step, Subject, Unproven
from pgassay.core.names import quote_all
from pgassay.core.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.cases.derivation import Source
    from pgassay.core.catalog import View

_KIND = "view"
_WHY = "a view that fails when it runs is found by whoever needs the report first"


def derive(source: Source) -> Iterator[Case | Unproven]:
    """Yield that every view can be read, and every materialised view refreshed."""
    for view in source.contract.views:
        columns = quote_all(tuple(column.name for column in view.columns))
        read = Statement(f"select {columns} from {view.name.sql} limit 1")
        refresh = Statement(f"refresh materialized view {view.name.sql}")
        if not view.materialised or view.populated:
            expect = Accepted()
            yield _case(view, "can be read", (Step(statement=read, expect=expect),))
        else:
            step = Step(statement=read, expect=Refused(sqlstate="55000"))
            yield _case(view, "is not populated yet", (step,))
        if view.materialised:
            yield _case(
                view,
                "can be refreshed",
                tuple(Step(statement=s, expect=Accepted()) for s in (refresh, read)),
            )


def _case(view: View, title: str, steps: tuple[Step, ...]) -> Case:
    return Case(
        kind=_KIND,
        subject=Subject(object=str(view.name)),
        title=title,
        steps=steps,
        why=_WHY,
        promise=view.definition,
    )
