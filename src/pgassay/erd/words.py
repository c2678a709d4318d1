"""Differences between a drawing and a catalog in words: one place where they become findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.case import Subject
from pgassay.core.finding import Finding, Severity
from pgassay.core.names import quote
from pgassay.erd.spelling import attribute_line, entity_text

if TYPE_CHECKING:
    from pgassay.core.catalog import Catalog, Column, Table
    from pgassay.core.names import QualifiedName
    from pgassay.erd.diagram import Place

SLUG = "erd"
_READERS = "who reads the diagram learns of a schema that there is not"


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Makes findings.

    Args:
        catalog: what there is.
        promised_by: who promised it, as in `the models`.
        document: what to call the drawing: its files.
    """

    catalog: Catalog
    promised_by: str
    document: str

    def about(
        self,
        subject: QualifiedName | str,
        part: str | None = None,
        *,
        what: str,
        title: str,
        found: str,
        expected: str,
        why: str = _READERS,
        fix: str = "",
        place: Place | None = None,
        severity: Severity = Severity.ERROR,
    ) -> Finding:
        """Return a finding.

        Args:
            subject: a table, or the name of an entity that draws none.
            part: the column, or what else within it, as text.
            what: tells findings of one subject apart; no line numbers, so that it is stable.
            title: one line.
            found: what is drawn.
            expected: what there is.
            why: why it matters.
            fix: what to write.
            place: where it is drawn.
            severity: how bad it is.
        """
        name = quote(subject) if isinstance(subject, str) else str(subject)
        return Finding(
            slug=SLUG,
            subject=Subject(object=name, part=part),
            title=title,
            found=found,
            expected=expected,
            why=why,
            fix=fix,
            severity=severity,
            source=str(place) if place else self.document,
            discriminator=what,
        )

    def told(self, what: str, title: str, found: str, expected: str, why: str) -> Finding:
        """Return information about the whole drawing."""
        return Finding(
            slug=SLUG,
            subject=Subject(object=self.document),
            title=title,
            found=found,
            expected=expected,
            why=why,
            severity=Severity.INFO,
            source=self.document,
            discriminator=what,
        )

    def entity(self, table: Table) -> str:
        """Return a table as it is to be drawn."""
        return entity_text(self.catalog, table)

    def attribute(self, table: Table, column: Column) -> str:
        """Return a column as it is to be drawn."""
        return attribute_line(self.catalog, table, column)
