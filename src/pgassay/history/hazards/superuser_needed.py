"""Only a superuser can run the revision.

An extension that is not trusted, a function in a language that is not (C, internal, plpython3u), an
event trigger: with any other role, as providers give it and as a careful team migrates, the
revision fails in production with 42501, though it passes where the tests' role may do everything.

    create extension pageinspect;      -- not trusted
    create extension pg_trgm;          -- trusted: CREATE on the database is enough

Have it made once, by whoever owns the server, before the revision; IF NOT EXISTS then finds it.
Source: PostgreSQL, CREATE EXTENSION, CREATE EVENT TRIGGER, and GRANT on languages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield each new object that only a superuser can make."""
    for name, what in _made(evidence):
        statement = next((s for s in evidence.statements if name in s.text), None)
        yield evidence.finding(
            "superuser_needed",
            statement,
            None,
            f"{what} can only be made by a superuser",
            part=name,
            found=f"{what}, and the role of the tests is a superuser",
            expected="a revision that the role which migrates production can run",
            why="it fails there with insufficient_privilege (42501)",
            fix="have it made by whoever owns the server, before; and ask for it with "
            "IF NOT EXISTS where there is such a form",
            severity=Severity.WARNING,
        )


def _made(evidence: Evidence) -> Iterator[tuple[str, str]]:
    """Yield the name of what is new, and what it is."""
    untrusted = evidence.aftermath.untrusted
    extensions = {one.name for one in evidence.before.extensions}
    for extension in evidence.after.extensions:
        if extension.name not in extensions and f"extension {extension.name}" in untrusted:
            yield extension.name, f"the extension {extension.name}"
    functions = {(one.name, one.arguments) for one in evidence.before.functions}
    for function in evidence.after.functions:
        new = (function.name, function.arguments) not in functions
        if new and f"language {function.language}" in untrusted:
            yield function.name.name, f"{function.name}, a function in {function.language},"
    triggers = {one.name for one in evidence.before.event_triggers}
    for trigger in evidence.after.event_triggers:
        if trigger.name not in triggers:
            yield trigger.name, f"the event trigger {trigger.name}"
