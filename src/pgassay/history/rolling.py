"""A rolling deploy: while it goes on, old and new code meet the old and the new schema.

Which order works is found by trying: what old code says is put to the new schema, and where that
refuses something, what new code says to the old one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.case import Subject
from pgassay.core.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgassay.core.statement import Refusal, Statement

SLUG = "rolling_deploy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """Statements that ran before a migration and are refused behind it.

    Args:
        subject: the table, or the hot query.
        kinds: what they do: `read`, `insert`, `update`; `query` for a hot query.
        statement: the first of them.
        refusal: the server's answer to it.
        new_runs: whether what new code says of the subject runs on the old schema; None where
            new code does not speak of it any more.
        source: `file:line` of a hot query.
    """

    subject: str
    kinds: tuple[str, ...]
    statement: Statement
    refusal: Refusal
    new_runs: bool | None = None
    source: str | None = None

    @property
    def is_query(self) -> bool:
        """Whether it is a hot query of the project: code that is in use with the new schema too."""
        return self.kinds == ("query",)


# Why running code meets this, and how it is avoided (Appendix A: Error Codes).
_WAYS = {
    "42703": (
        "a column that running code names is gone or has another name",
        "add the new column beside the old one, keep both filled, drop the old one revisions later",
    ),
    "42P01": (
        "a table that running code names is gone or has another name",
        "leave a view under the old name until no code names it any more",
    ),
    "23502": (
        "running code does not fill what must not be null now",
        "give the column a default, or leave it nullable until all code that runs fills it",
    ),
    "23514": (
        "running code may still write what the new CHECK forbids",
        "deploy the code that keeps to it first, then add the constraint",
    ),
    "42804": (
        "the type of a column is another",
        "add a column of the new type, fill both, and change over in steps",
    ),
    "42883": (
        "a function or an operator that running code uses is gone or has other arguments",
        "keep the old one beside the new one until no code calls it",
    ),
    "42501": (
        "running code has lost a right",
        "take rights away only when no code that runs needs them",
    ),
}
_ANY = (
    "running code says what the new schema refuses",
    "make the change in steps: what is added first, then the code, what is taken away last",
)


def judge(broken: Sequence[Broken], revision: str) -> Iterator[Finding]:
    """Yield a finding for each subject that running code cannot work with any more.

    Args:
        broken: what was refused.
        revision: what the migration is called.
    """
    for one in broken:
        sqlstate = one.refusal.sqlstate
        why, fix = _WAYS.get(sqlstate, _ANY)
        expected, order = _order(one)
        what = "it is" if one.is_query else f"{_listed(one.kinds)} of running code are"
        yield Finding(
            slug=SLUG,
            subject=Subject(object=one.subject, part=sqlstate),
            title=f"{what} refused behind {revision} with {sqlstate}",
            found=f"{sqlstate} {one.refusal.message}",
            expected=expected,
            why=f"{why}: until every process runs the new code, users see the error",
            fix=f"{order}{fix}",
            evidence=(one.statement.script(),),
            severity=Severity.WARNING if _code_first(one) else Severity.ERROR,
            source=one.source,
            discriminator=revision,
        )


def _code_first(one: Broken) -> bool:
    """Whether deploying the code first, and migrating then, breaks nothing."""
    return not one.is_query and one.new_runs is not False


def _order(one: Broken) -> tuple[str, str]:
    if one.is_query:
        return "a query that runs on both sides of the migration", ""
    if one.new_runs is None:
        return (
            "code that is deployed before the migration and does not name it",
            "see that the code which no longer names it is everywhere before this runs; or ",
        )
    if one.new_runs:
        return (
            "the migration after the code: what new code says runs on the old schema too",
            "deploy the code first, and migrate when it is everywhere; or ",
        )
    return (
        "an order of deployment that refuses nobody; the old schema refuses the new code as well",
        "",
    )


def _listed(kinds: Sequence[str]) -> str:
    names = [f"{kind}s" for kind in kinds]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
