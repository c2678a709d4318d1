"""A SECURITY DEFINER function looks names up where its caller says.

It runs with its owner's rights, and with the search_path of whoever calls it: a table or an
operator of the same name in a schema of the caller's is used instead.

    create function who() … security definer set search_path = '' …

Source: PostgreSQL, CREATE FUNCTION, Writing SECURITY DEFINER Functions Safely.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield a new SECURITY DEFINER function without a search_path."""
    known = {(f.name, f.arguments): f for f in evidence.before.functions}
    for function in evidence.after.functions:
        was = known.get((function.name, function.arguments))
        bare = function.security_definer and not any(
            setting.startswith("search_path") for setting in function.settings
        )
        if not bare or (was is not None and was.definition == function.definition):
            continue
        statement = next((s for s in evidence.statements if function.name.name in s.text), None)
        yield evidence.finding(
            "function_without_search_path",
            statement,
            function.name,
            "SECURITY DEFINER without a search_path of its own",
            found=f"{function.name.sql}({function.arguments}) has the search_path of its caller",
            expected="SET search_path = '' and qualified names",
            why="a caller can put objects of its own in the way and have them run as the owner",
            fix=f"alter function {function.name.sql}({function.arguments}) set search_path = '';",
            severity=Severity.WARNING,
        )
