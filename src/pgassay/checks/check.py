"""A check as a value, whatever it is written in, and what it yields."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pgassay.core.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pgassay.checks.ground import Ground
    from pgassay.checks.page import Page
    from pgassay.core.case import Subject
    from pgassay.core.check import Need, Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One place where a check found what it looks for; the words around it are the page's.

    Args:
        subject: the relation, type or function, and the part of it.
        found: what is there, in one sentence with the names in it.
        expected: what would be right.
        fix: statements that repair it, each ended by a semicolon; empty where none is derivable.
        evidence: what shows it: definitions, figures.
        discriminator: what tells two problems of one subject apart.
        source: `file:line` where it can be mended, if known.
    """

    subject: Subject
    found: str
    expected: str
    fix: str = ""
    evidence: tuple[str, ...] = ()
    discriminator: str = ""
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check.

    Args:
        slug: its name: of its file, in the configuration, in findings, of its page.
        page: what its docstring says.
        need: what it looks at beside the catalog.
        severity: of its findings, unless the configuration says otherwise.
        profile: the narrowest profile that has it.
        options: what it can be told, with the defaults; a value given must be of the same type.
        find: yields its problems.
        own: whether it is the team's own.
    """

    slug: str
    page: Page
    need: Need
    severity: Severity
    profile: Profile
    find: Callable[[Ground], Iterable[Problem]]
    options: Mapping[str, Any] = field(default_factory=dict)
    own: bool = False

    def finding(self, problem: Problem, severity: Severity | None = None) -> Finding:
        """Return a problem as a finding."""
        return Finding(
            slug=self.slug,
            subject=problem.subject,
            title=self.page.title[:1].lower() + self.page.title[1:],
            found=problem.found,
            expected=problem.expected,
            why=self.page.why,
            fix=problem.fix,
            evidence=problem.evidence,
            severity=severity or self.severity,
            discriminator=problem.discriminator,
            source=problem.source,
        )
