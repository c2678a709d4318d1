"""Offline SQL: `alembic upgrade --sql` runs, and leads to the same database.

Where a database administrator runs migrations by hand, or a deployment does without Python, the
SQL is what reaches production. It is written without a connection: a revision that reads rows or
asks the catalog writes something else there, or nothing.

The whole history is written out, run on an empty database, each statement as psql would run it,
and both ends are compared exactly, with the number of rows of every table. That it cannot be
written at all is a warning, since many never use it: let such a revision ask
`context.is_offline_mode()` and write the statement that does without the answer, or say in its
docstring that it runs online only.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pgassay.core.case import Subject
from pgassay.core.errors import PgassayError, SchemaError
from pgassay.core.finding import Finding, Severity
from pgassay.postgres.script.execution import connected, run_file
from pgassay.postgres.script.splitter import Splitter
from pgassay.run.routes import target_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.run.history.whole import Whole

KIND = "history_offline"
TITLE = "the SQL of offline mode builds the same"


def judge(whole: Whole) -> Iterator[Finding]:
    """Yield why the SQL cannot be written or run, or what it builds otherwise."""
    course, end = whole.course, whole.end
    subject = Subject(object=course.system)
    try:
        script = whole.history.sql(whole.goal)
    except SchemaError as error:
        yield Finding(
            slug=KIND,
            subject=subject,
            title="the SQL cannot be written",
            found=error.found,
            expected="alembic upgrade --sql writes the history out",
            why="whoever runs migrations without Python cannot run this one",
            fix="ask context.is_offline_mode(), and write a statement that needs no answer",
            severity=Severity.WARNING,
            source=error.where,
            discriminator="written",
        )
        return
    database = course.blank()
    try:
        target = target_of(course.server, database)
        try:
            with connected(target) as connection:
                statements = tuple(Splitter(Path()).of_text(script, "upgrade.sql"))
                run_file(connection, statements, database)
        except PgassayError as error:
            yield Finding(
                slug=KIND,
                subject=subject,
                title="the SQL does not run",
                found=error.found,
                expected="SQL that psql runs on an empty database",
                why="it reaches production where migrations are run by hand",
                source=_revision_of(script, error.where),
                discriminator="run",
            )
            return
        gap = course.gap(
            end, course.read(database), database, promised_by="upgrade", built_by="SQL"
        )
        if gap:
            yield Finding(
                slug=KIND,
                subject=subject,
                title="the SQL builds another database than the upgrade",
                found="\n".join(gap.lines),
                expected="what the upgrade builds, exactly",
                why="production is not what the tests have seen",
                fix="\n".join(gap.repairs),
                discriminator="built",
            )
    finally:
        course.drop(database)


def _revision_of(script: str, where: str | None) -> str | None:
    """Return which revision's part of the script a place is in, as Alembic's comment says."""
    _, colon, line = (where or "").rpartition(":")
    if not colon or not line.isdigit():
        return where
    heads = [text for text in script.splitlines()[: int(line)] if text.startswith("-- Running")]
    return f"{where} ({heads[-1].removeprefix('-- Running ')})" if heads else where
