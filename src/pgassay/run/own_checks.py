"""A team's own checks: SQL files and Python modules in the folder that `own` names.

The comment at the head of an SQL file is its page, with the sections that every check has; lines
`-- need:`, `-- severity:` and `-- profile:` may stand above it. The query returns no row where
all is well, otherwise the columns `object`, `part`, `found` and `fix`, all text; `part` and `fix`
may be NULL. A Python file is a module as the checks of pgassay are.
"""

from __future__ import annotations

import importlib.util
import re
from functools import partial
from typing import TYPE_CHECKING

from pgassay.checks.check import Check, Problem
from pgassay.checks.page import read_page
from pgassay.checks.registry import built_in, check_of
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.errors import ConfigError, TrialError, suggestion
from pgassay.core.finding import Severity
from pgassay.core.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from enum import StrEnum
    from pathlib import Path

    from pgassay.checks.ground import Ground

_DECLARED = re.compile(r"--\s*(?P<key>need|severity|profile)\s*:\s*(?P<word>\w+)\s*")
_WORDS: Mapping[str, type[StrEnum]] = {"need": Need, "severity": Severity, "profile": Profile}
_COLUMNS = "object, part, found, fix"
_NO_SUCH_COLUMN = "42703"


def all_checks(own: Path | None) -> dict[str, Check]:
    """Return pgassay's checks and those of a folder, by slug, in the order of the slugs."""
    found = dict(built_in())
    for check in own_checks(own) if own else ():
        if check.slug in found:
            raise ConfigError(
                f'pgassay has a check called "{check.slug}" itself',
                where=str(own),
                expected="another name of the file",
            )
        found[check.slug] = check
    return dict(sorted(found.items()))


def own_checks(folder: Path) -> tuple[Check, ...]:
    """Return the checks in a folder. Raises ConfigError for a damaged one."""
    files = sorted(p for p in folder.iterdir() if p.suffix in (".sql", ".py"))
    return tuple(read_check(path) for path in files if not path.name.startswith("_"))


def read_check(path: Path) -> Check:
    """Return the check in one file, SQL or Python. Raises ConfigError for a damaged one."""
    if not path.is_file():
        raise ConfigError("there is no such file", where=str(path), expected="a check")
    return _written(path) if path.suffix == ".sql" else _programmed(path)


def _programmed(path: Path) -> Check:
    spec = importlib.util.spec_from_file_location(f"pgassay_own_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # whatever a person's module does while it is imported
        raise ConfigError(
            f"it cannot be imported: {type(error).__name__}: {error}",
            where=str(path),
            expected="a module with a page, NEED, SEVERITY, PROFILE and find",
        ) from error
    if not hasattr(module, "find"):
        raise ConfigError(
            "it has no find", where=str(path), expected="def find(ground: Ground) -> Iterator[…]"
        )
    return check_of(module, path.stem, own=True)


def _written(path: Path) -> Check:
    text = path.read_text(encoding="utf-8")
    declared = {"need": Need.CATALOG, "severity": Severity.ERROR, "profile": Profile.RECOMMENDED}
    page: list[str] = []
    lines = text.splitlines()
    while lines and (not lines[0].strip() or lines[0].startswith("--")):
        line = lines.pop(0)
        found = _DECLARED.fullmatch(line)
        if not found:
            page.append(line.removeprefix("--").removeprefix(" ").rstrip())
            continue
        key, word = found["key"], found["word"]
        if word not in list(_WORDS[key]):
            raise ConfigError(
                f'"{word}" is no {key}',
                where=str(path),
                expected=suggestion(word, map(str, _WORDS[key])),
            )
        declared[key] = _WORDS[key](word)
    query = "\n".join(lines).strip().rstrip(";")
    if not query:
        raise ConfigError("there is no query beneath the page", where=str(path))
    return Check(
        slug=path.stem,
        page=read_page("\n".join(page).strip("\n"), str(path)),
        need=Need(declared["need"]),
        severity=Severity(declared["severity"]),
        profile=Profile(declared["profile"]),
        find=partial(_ask, path, query),
        own=True,
    )


def _ask(path: Path, query: str, ground: Ground) -> Iterator[Problem]:
    session = ground.rows or ground.session
    if session is None:
        raise TrialError("there is no database to ask", where=path.name)
    reply = session.run(Statement(f"select {_COLUMNS} from (\n{query}\n) pgassay_check"))
    if reply.refusal:
        raise TrialError(
            f"{reply.refusal.message} (SQLSTATE {reply.refusal.sqlstate})",
            where=path.name,
            why="a check that does not run finds nothing",
            fix=f"let the query return the columns {_COLUMNS}"
            if reply.refusal.sqlstate == _NO_SUCH_COLUMN
            else "mend the query",
        )
    for one, part, found, fix in reply.rows:
        yield Problem(
            subject=Subject(object=one or "?", part=part),
            found=found or "",
            expected="no such row",
            fix=fix or "",
        )
