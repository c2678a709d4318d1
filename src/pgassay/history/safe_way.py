"""The safe way: the same change in steps that stop nobody, as SQL and as an Alembic snippet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

TIMEOUT = "5s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One statement of a safe way.

    Args:
        sql: the statement, without a semicolon.
        alone: it has to run outside a transaction block.
        apart: it belongs into a transaction (a revision) of its own, behind what came before.
        locks: it takes a strong lock for an instant, and so needs lock_timeout.
    """

    sql: str
    alone: bool = False
    apart: bool = False
    locks: bool = False


def as_sql(steps: Sequence[Step]) -> str:
    """Return the statements as a script for psql."""
    lines: list[str] = []
    for number, step in enumerate(steps):
        if number and step.apart:
            lines.append("-- in a transaction of its own:")
        if step.locks and f"set lock_timeout = '{TIMEOUT}';" not in lines:
            lines.append(f"set lock_timeout = '{TIMEOUT}';")
        lines.append(f"{step.sql};")
    return "\n".join(lines)


def as_alembic(steps: Sequence[Step]) -> str:
    """Return the body of upgrade(), or of several where a step needs a revision of its own."""
    lines: list[str] = []
    inside = False
    for number, step in enumerate(steps):
        if number and step.apart:
            lines.append("# in the next revision:")
            inside = False
        if step.alone and not inside:
            lines.append("with op.get_context().autocommit_block():")
            inside = True
        elif not step.alone:
            inside = False
        if step.locks and not step.alone:
            wait = f"op.execute(\"SET LOCAL lock_timeout = '{TIMEOUT}'\")"
            if number == 0 or step.apart or not steps[number - 1].locks:
                lines.append(wait)
        lines.append(f"{'    ' if inside else ''}op.execute({_python(step.sql)})")
    return "\n".join(lines)


def told(steps: Sequence[Step]) -> str:
    """Return both, as the fix of a finding."""
    return f"{as_sql(steps)}\nas Alembic:\n{as_alembic(steps)}"


def _python(text: str) -> str:
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return repr(text)
