"""Accepting a hazard: with a reason, and a date if wished, in a file beside the revisions.

    [[accept]]
    revision = "0009"
    hazard = "work_under_strong_lock"
    on = "credit_transactions"            # the finding's subject; every one of that hazard without
    reason = "runs at night, 0.4 s per 100,000 rows"
    until = 2027-01-01

What is accepted is not told as a finding. An acceptance that has expired does not count any more
and says so; one that matches nothing says so as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pgassay.core.case import Subject
from pgassay.core.errors import ConfigError, suggestion
from pgassay.core.finding import Finding, Severity
from pgassay.core.toml_table import TomlTable, read_toml

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

FILE = "accepted.toml"
UNUSED, EXPIRED = "acceptance_unused", "acceptance_expired"
PAGES = {
    UNUSED: """An acceptance matches nothing.

    What it accepts is not found any more: the revision was mended, the name is misspelt, or the
    volume is too small for the hazard to show. Remove it, or correct it: an acceptance that stays
    behind would hide the next hazard of that name.
    """,
    EXPIRED: """An acceptance has expired.

    Its date has passed, and what it accepted is told again. Mend the revision, or decide anew and
    write another date.
    """,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """One hazard of one revision that somebody has accepted.

    Args:
        revision: the revision's id.
        hazard: the slug of the finding.
        reason: why.
        on: the finding's subject, or the relation of it; None for all.
        until: the last day on which it holds; None for ever.
    """

    revision: str
    hazard: str
    reason: str
    on: str | None = None
    until: date | None = None

    def matches(self, finding: Finding) -> bool:
        """Whether a finding is what was accepted."""
        same = finding.slug == self.hazard and finding.discriminator == self.revision
        return same and self.on in (None, str(finding.subject), finding.subject.object)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is left of the findings of some revisions, and what was accepted with which reason."""

    findings: tuple[Finding, ...]
    accepted: tuple[tuple[Finding, Acceptance], ...]


def read_acceptances(folder: Path, hazards: Iterable[str]) -> tuple[Acceptance, ...]:
    """Return what is accepted in the file of a folder; nothing where there is none.

    Raises:
        ConfigError: it is no TOML, a key or a hazard is unknown, or a reason is missing.
    """
    path = folder / FILE
    if not path.is_file():
        return ()
    top = TomlTable(read_toml(path), "accepted", path)
    top.only("accept")
    known = set(hazards)
    return tuple(_acceptance(TomlTable(one, "accept", path), known) for one in top.take(
        "accept", list, []))  # fmt: skip


def _acceptance(table: TomlTable, known: set[str]) -> Acceptance:
    table.only("revision", "hazard", "on", "reason", "until")
    hazard = table.take("hazard", str)
    if hazard not in known:
        raise table.wrong("hazard", f'"{hazard}" is no hazard', suggestion(hazard, known))
    reason = table.take("reason", str)
    if not reason.strip():
        raise table.wrong("reason", "it is empty", "why the hazard does no harm here")
    until = table.data.get("until")
    if until is not None and type(until) is not date:
        raise ConfigError(
            f"{until!r} is no date", where=f"{table.path}: accept.until", expected="2027-01-01"
        )
    return Acceptance(
        revision=table.take("revision", str),
        hazard=hazard,
        reason=reason,
        on=table.take("on", str, None),
        until=until,
    )


def accept(
    findings: Sequence[Finding],
    acceptances: Sequence[Acceptance],
    *,
    revision: str,
    today: date,
    path: Path,
) -> Verdict:
    """Take out of one revision's findings what is accepted; add what is wrong with acceptances.

    Args:
        findings: of that revision.
        acceptances: of all revisions.
        revision: its id.
        today: the day by which acceptances expire.
        path: their file, told as the place to mend.
    """
    left = list(findings)
    taken: list[tuple[Finding, Acceptance]] = []
    for one in (a for a in acceptances if a.revision == revision):
        matching = [finding for finding in findings if one.matches(finding)]
        if not matching:
            left.append(_unused(one, path))
        elif one.until is not None and one.until < today:
            left.append(_expired(one, path))
        else:
            taken += [(finding, one) for finding in matching if finding in left]
            left = [finding for finding in left if finding not in matching]
    return Verdict(findings=tuple(left), accepted=tuple(taken))


def _unused(one: Acceptance, path: Path) -> Finding:
    return Finding(
        slug=UNUSED,
        subject=Subject(object=one.revision, part=one.hazard),
        title="an acceptance matches nothing",
        found=f"{one.hazard}{f' on {one.on}' if one.on else ''} is accepted and was not found",
        expected="acceptances of what is there",
        why="it would hide the next hazard of that name",
        fix=f"remove it from {path.name}, or correct its names; a volume that is too small shows "
        "fewer hazards",
        severity=Severity.WARNING,
        source=str(path),
        discriminator=one.on or "",
    )


def _expired(one: Acceptance, path: Path) -> Finding:
    return Finding(
        slug=EXPIRED,
        subject=Subject(object=one.revision, part=one.hazard),
        title=f"an acceptance has expired on {one.until}",
        found=f"{one.hazard}{f' on {one.on}' if one.on else ''}: {one.reason}",
        expected="a date that has not passed",
        why="what was accepted for a time is decided anew when that time is over",
        fix="mend the revision, or decide anew and write another date",
        severity=Severity.ERROR,
        source=str(path),
        discriminator=one.on or "",
    )
