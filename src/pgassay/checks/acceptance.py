"""An acceptance no longer fits what the checks find.

What it finds: an entry in the file of accepted findings whose date has passed, or that matches no
finding of the checks that run.

Why it hurts: a reason that was good for a while hides the finding for ever, and an entry that
matches nothing will one day hide a finding that nobody has looked at.

Bad:
    -- accepted.toml
    -- [accept."foreign_key_without_index:orders.orders_status_fkey"]
    -- reason = "the migration that adds it is under review"
    -- until = 2020-01-01

Good:
    -- accepted.toml
    -- [accept."foreign_key_without_index:orders.orders_status_fkey"]
    -- reason = "order_status has six rows, and none is ever deleted"

Fix: mend what was accepted, or say anew why it may stay; take the entry out where it matches
nothing.

When to ignore: never; an entry that is not needed costs nothing to remove.

Reference: docs/accepting.md
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.case import Subject
from pgassay.core.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

SLUG = "acceptance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """One entry: a fingerprint, or a pattern of some in which `*` stands for anything.

    Args:
        finding: the fingerprint or the pattern.
        reason: why the finding may stay.
        until: the last day on which it may.
        source: the file.
    """

    finding: str
    reason: str
    until: date | None = None
    source: str = ""

    @property
    def slug(self) -> str:
        """The check that it speaks of; it may hold a `*`."""
        return self.finding.partition(":")[0]

    def matches(self, finding: Finding) -> bool:
        """Whether it speaks of a finding."""
        return _pattern(self.finding).fullmatch(finding.fingerprint) is not None

    def holds(self, today: date) -> bool:
        """Whether its day has not passed."""
        return self.until is None or today <= self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Findings, divided.

    Args:
        left: what nobody has accepted.
        accepted: what was, with the entry that did it.
    """

    left: tuple[Finding, ...]
    accepted: tuple[tuple[Finding, Acceptance], ...]


def judge(findings: Iterable[Finding], entries: Sequence[Acceptance], today: date) -> Judged:
    """Divide findings into those that are left and those that an entry which holds accepts."""
    valid = [entry for entry in entries if entry.holds(today)]
    left: list[Finding] = []
    accepted: list[tuple[Finding, Acceptance]] = []
    for finding in findings:
        entry = next((one for one in valid if one.matches(finding)), None)
        if entry is None:
            left.append(finding)
        else:
            accepted.append((finding, entry))
    return Judged(left=tuple(left), accepted=tuple(accepted))


def outlived(
    findings: Sequence[Finding], entries: Sequence[Acceptance], today: date, ran: Iterable[str]
) -> Iterator[Finding]:
    """Yield a finding for each entry that has expired or matches nothing.

    Args:
        findings: everything that was found, accepted or not.
        entries: the entries.
        today: the date.
        ran: the checks that ran; an entry of a check that did not is not judged.
    """
    ran = frozenset(ran)
    for entry in entries:
        if "*" not in entry.slug and entry.slug not in ran:
            continue
        if not any(entry.matches(finding) for finding in findings):
            yield _finding(
                entry,
                found="it matches no finding",
                expected="a finding that it accepts",
                fix="take the entry out; if it was written for another name, write that name",
            )
        elif not entry.holds(today):
            yield _finding(
                entry,
                found=f"it was good until {entry.until}; today is {today}",
                expected="an acceptance that is still good",
                fix="mend the finding, or write a later date and why",
            )


def _finding(entry: Acceptance, *, found: str, expected: str, fix: str) -> Finding:
    return Finding(
        slug=SLUG,
        subject=Subject(object=entry.finding),
        title="an acceptance no longer fits what the checks find",
        found=found,
        expected=expected,
        why="an entry that nobody needs will one day hide a finding that nobody has looked at",
        fix=fix,
        evidence=(f"reason: {entry.reason}",),
        severity=Severity.WARNING,
        source=entry.source or None,
    )


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, text.split("*"))), re.DOTALL)
