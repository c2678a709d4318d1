"""Business rules: queries that must return no row, each with a way to break it.

A rule is a `.sql` file. Its header are comment lines `-- key: text`: `title` (what holds), `why`,
and one or more `breaks`, each one statement that would break the rule; a line that begins with
`--` and two or more blanks goes on with the one above. A rule that cannot be broken proves
nothing, so every `breaks` is tried on populated rows: either the server refuses it (some
constraint keeps the rule) or the query must return the offending row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from pgassay.core.case import Subject, Trial
from pgassay.core.errors import ConfigError
from pgassay.core.finding import Finding
from pgassay.core.statement import Statement
from pgassay.run.trial import Runnable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pgassay.core.statement import Session

_HEADER = re.compile(r"--\s*(?P<key>title|why|breaks)\s*:\s*(?P<text>.*)", re.IGNORECASE)
_CONTINUED = re.compile(r"--\s{2,}(?P<text>\S.*)")
_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One business rule.

    `query` returns a row for each violation; `breaks` are statements that would violate it.
    """

    name: str
    path: Path
    says: str
    why: str
    query: str
    breaks: tuple[str, ...]


def read_rules(folder: Path) -> tuple[Rule, ...]:
    """Return the rules of a folder, by file name. Raises ConfigError for a damaged one."""
    return tuple(_read(path) for path in sorted(folder.glob("*.sql")))


def rule_trials(
    rules: tuple[Rule, ...], session: Session, families: Session | None = None
) -> Iterator[Runnable]:
    """Yield two kinds of trials for each rule: it holds, and it can be broken or is kept.

    Args:
        rules: the rules.
        session: on rows, of which no rule returns one.
        families: on the rows on which breaches are tried, if not on those: a breach may touch all
            pairs of rows of a volume, or none.
    """
    for rule in rules:
        subject = Subject(object=rule.name)
        yield Runnable(
            trial=Trial(kind="rule", subject=subject, title="returns no row"),
            perform=partial(_holds, rule, session),
        )
        for number, breaking in enumerate(rule.breaks, 1):
            title = f"breach {number} is refused or seen"
            yield Runnable(
                trial=Trial(kind="rule", subject=subject, title=title),
                perform=partial(_fires, rule, breaking, families or session),
            )


def _holds(rule: Rule, session: Session) -> Iterator[Finding]:
    reply = session.run(Statement(rule.query))
    if reply.refusal:
        yield _finding(
            rule, f"{reply.refusal.sqlstate} {reply.refusal.message}", "a query that runs"
        )
    elif reply.rows:
        shown = [", ".join(v or "NULL" for v in row) for row in reply.rows[:_SHOWN]]
        yield _finding(rule, f"{len(reply.rows)} rows break it", "no row", *shown)


def _fires(rule: Rule, breaking: str, session: Session) -> Iterator[Finding]:
    begun, broken, seen, _ = session.run_all(
        (Statement("begin"), Statement(breaking), Statement(rule.query), Statement("rollback"))
    )
    del begun
    if broken.refusal:
        if broken.refusal.sqlstate[:2] not in _KEPT_BY_THE_SERVER:
            said = f"{broken.refusal.sqlstate} {broken.refusal.message}"
            yield _finding(rule, f"its breach does not run: {said}", "a statement", breaking)
    elif broken.count == 0:
        yield _finding(rule, "its breach touches no row", "a breach of the rule", breaking)
    elif not seen.rows:
        yield _finding(rule, "its breach goes unseen", "a row for the breach", breaking)


# Integrity constraint violation, data exception raised by a check, triggers' raise_exception.
_KEPT_BY_THE_SERVER = frozenset({"23", "P0"})


def _finding(rule: Rule, found: str, expected: str, *evidence: str) -> Finding:
    return Finding(
        slug="rule",
        subject=Subject(object=rule.name),
        title=rule.says,
        found=found,
        expected=expected,
        why=rule.why,
        fix="mend the rows or what writes them; if the rule is wrong, mend the rule",
        evidence=(*evidence, rule.query),
        source=f"{rule.path.name}",
    )


def _read(path: Path) -> Rule:
    header: dict[str, list[str]] = {"title": [], "why": [], "breaks": []}
    body: list[str] = []
    last: list[str] | None = None
    for line in path.read_text(encoding="utf-8").splitlines():
        if found := _HEADER.match(line):
            last = header[found["key"].lower()]
            last.append(found["text"].strip())
        elif last is not None and (more := _CONTINUED.match(line)):
            last[-1] += f"\n{more['text']}"
        else:
            last = None
            body.append(line)
    query = "\n".join(body).strip().rstrip(";")
    for key, lines in header.items():
        if not lines:
            raise ConfigError(
                f'the header has no "-- {key}:" line',
                where=str(path),
                expected="title (what holds), why (why it matters), breaks (what would break it)",
                why="a rule that nothing can break proves nothing",
            )
    if not query:
        raise ConfigError("there is no query beneath the header", where=str(path))
    return Rule(
        name=path.stem,
        path=path,
        says=_words(header["title"]),
        why=_words(header["why"]),
        query=query,
        breaks=tuple(text.rstrip(";") for text in header["breaks"]),
    )


def _words(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())
