"""A finding: one problem, with its evidence and the way out. Words come last, but come here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pgassay.core.case import Subject  # noqa: TC001 - fields are decoded by their annotations


class Severity(StrEnum):
    """How bad a finding is. Only ERROR turns a gate red."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def and_worse(self) -> frozenset[Severity]:
        """This severity and those that are worse."""
        order = list(Severity)
        return frozenset(order[: order.index(self) + 1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One problem.

    Args:
        slug: the kind of case, drift or check that found it: `unique`, `drift`.
        system: the system's name; filled by the run.
        subject: the object.
        title: one line: `duplicate email was accepted`.
        found: what is there.
        expected: what was promised.
        why: why it matters.
        fix: a statement or an action that repairs it; empty where none is derivable.
        evidence: lines to reproduce it: SQL ready for psql, values, the server's words.
        source: `file:line` where it can be mended, if known.
        discriminator: what tells two findings of one slug and subject apart.
        accept: the command that accepts it, where findings of its slug can be accepted.
    """

    slug: str
    subject: Subject
    title: str
    found: str
    expected: str
    why: str = ""
    fix: str = ""
    evidence: tuple[str, ...] = ()
    severity: Severity = Severity.ERROR
    source: str | None = None
    discriminator: str = ""
    system: str = ""
    accept: str = ""

    @property
    def fingerprint(self) -> str:
        """Stable between runs and machines: `slug:subject[:discriminator]`."""
        tail = f":{self.discriminator}" if self.discriminator else ""
        return f"{self.slug}:{self.subject}{tail}"
