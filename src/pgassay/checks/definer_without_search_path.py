"""A function runs with its owner's rights and its caller's search_path.

What it finds: a function or procedure with SECURITY DEFINER that sets no search_path. One whose
body is SQL-standard (BEGIN ATOMIC) or in C is left alone: its names are bound when it is made.

Why it hurts: the caller decides what a name in it means. With a table or an operator of the same
name in a schema of his own, he runs his code with the owner's rights.

Bad:
    create function count_users() returns bigint language plpgsql security definer
        as 'begin return 1; end';

Good:
    create function count_users() returns bigint language plpgsql security definer
        set search_path = pg_catalog, pg_temp
        as 'begin return 1; end';

Fix: set it on the function: the schemas that its names are in, and pg_temp last. The statement
given takes the function's own schema.

When to ignore: nobody but the owner may execute it.

Reference: PostgreSQL documentation, CREATE FUNCTION, Writing SECURITY DEFINER Functions Safely.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground

NEED = Need.CATALOG
SEVERITY = Severity.ERROR
PROFILE = Profile.RECOMMENDED
_BOUND = frozenset({"c", "internal"})
_TEXT = re.compile(r"^AS \$", re.MULTILINE)  # otherwise the body is SQL, read when it was made


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the functions that can be misled."""
    for function in ground.catalog.functions:
        if not function.security_definer or function.language in _BOUND:
            continue
        if any(setting.startswith("search_path=") for setting in function.settings):
            continue
        if function.language == "sql" and not _TEXT.search(function.definition):
            continue
        word = "procedure" if function.kind == "procedure" else "function"
        schema = quote(function.name.schema)
        yield Problem(
            subject=Subject(object=str(function.name)),
            found=f"the {word} {function.name}({function.arguments}) is SECURITY DEFINER and sets "
            "no search_path",
            expected="a search_path of its own",
            fix=f"alter {word} {function.name.sql}({function.arguments}) "
            f"set search_path = {schema}, pg_temp;",
            discriminator=function.arguments,
        )
