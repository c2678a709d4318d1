"""What the row maker says when no row can be found: told, never skipped in silence."""

from __future__ import annotations

from pgassay.core.errors import PgassayError


class Unsatisfiable(PgassayError):  # noqa: N818 - it is what the constraint is
    """No row was found within a bounded search.

    Args:
        constraint: the name of the constraint that stood in the way.
        expression: its text as the server deparses it.
        where: the table or domain.
        why: what was tried.
    """

    def __init__(self, constraint: str, expression: str, *, where: str, why: str = "") -> None:
        self.constraint = constraint
        self.expression = expression
        super().__init__(
            f"no row satisfies {constraint}: {expression}",
            where=where,
            why=why or "the cases of this table need a valid row",
            fix="give a factory for the table, whose values satisfy it",
        )
