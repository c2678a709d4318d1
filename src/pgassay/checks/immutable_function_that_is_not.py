"""A function is declared immutable and is not.

What it finds: a function declared IMMUTABLE whose body calls a built-in function that depends on
the time or the session, or reads a table of the database.

Why it hurts: PostgreSQL believes it. The result is folded into plans and stored in indexes and
generated columns; when it changes there, queries by the index return wrong rows, and no error.

Bad:
    create function age_in_years(born date) returns int language sql immutable
        as 'select date_part(''year'', age(current_date, born))::int';

Good:
    create function age_in_years(born date) returns int language sql stable
        as 'select date_part(''year'', age(current_date, born))::int';

Fix: declare what it is; indexes and generated columns that use it have to be built on something
else.

When to ignore: the table it reads never changes.

Reference: PostgreSQL documentation, chapter Extending SQL, Function Volatility Categories.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgassay.checks.changing import changing_call, without_words
from pgassay.checks.check import Problem
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import QualifiedName, quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground

NEED = Need.CATALOG
SEVERITY = Severity.WARNING
PROFILE = Profile.STRICT
_READS = re.compile(
    r"\b(?:from|join)\s+(?:only\s+)?(?P<name>(?:[\w$]+|\"(?:[^\"]|\"\")+\")"
    r"(?:\.(?:[\w$]+|\"(?:[^\"]|\"\")+\"))?)(?!\s*\()",
    re.IGNORECASE,
)
_LANGUAGES = frozenset({"sql", "plpgsql"})


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the functions that say so and are not."""
    tables = {name for table in ground.catalog.tables for name in _names(table.name)}
    for function in ground.catalog.functions:
        if function.volatility != "immutable" or function.language not in _LANGUAGES:
            continue
        body = function.definition.split("\n", 3)[-1]
        read = next(
            (m["name"] for m in _READS.finditer(without_words(body)) if m["name"] in tables), None
        )
        called = changing_call(_bare(body))
        if read is None and called is None:
            continue
        yield Problem(
            subject=Subject(object=str(function.name)),
            found=f"the immutable {function.name}({function.arguments}) "
            + (f"reads {read}" if read else f"calls {called}"),
            expected="a function declared stable",
            fix=f"alter function {function.name.sql}({function.arguments}) stable;",
            discriminator=function.arguments,
        )


def _names(name: QualifiedName) -> tuple[str, ...]:
    return name.sql, quote(name.name), f"{name.schema}.{name.name}"


def _bare(body: str) -> str:
    """Return a body without the settings that stand before it, as SET TimeZone TO does."""
    return "\n".join(line for line in body.splitlines() if not line.startswith(" SET "))
