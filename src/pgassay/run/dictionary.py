"""Data dictionaries: what a project keeps of them says what the schema is.

A system names Markdown or HTML files under `dictionary`; `pgassay dictionary` writes them from the
comments and the catalog. Each is held against the contract: a Markdown file by its text, a page by
the digest of the text that it was made from. A comment, a column, a default, a key, an index, a
label of an enum that has changed since makes it out of date.

To mend it: `pgassay dictionary`. What it says of a table is changed where the table has its
comment: in the models.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from pgassay.core.case import Subject, Trial
from pgassay.core.errors import PgassayError
from pgassay.core.finding import Finding
from pgassay.erd.dictionary import WRITTEN_BY, write_dictionary
from pgassay.erd.page import is_page, is_page_of, page
from pgassay.run.parts import parts_of
from pgassay.run.places import shown
from pgassay.run.trial import Runnable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pgassay.run.stand import Stand

_SHOWN = 12  # lines of a difference in a finding


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDictionary:
    """A dictionary, the file that it is kept in, and what the file holds: None if it is not there.

    `text` is the Markdown, whatever the form of the file.
    """

    path: Path
    text: str
    there: str | None

    @property
    def is_page(self) -> bool:
        """Whether the file is HTML."""
        return self.path.suffix == ".html"

    @property
    def is_foreign(self) -> bool:
        """Whether the file is there and somebody else wrote it."""
        if not (self.there or "").strip():
            return False
        assert self.there is not None
        return not (is_page(self.there) if self.is_page else WRITTEN_BY in self.there)

    @property
    def holds(self) -> bool:
        """Whether the file says what is so."""
        if self.there is None:
            return False
        return is_page_of(self.there, self.text) if self.is_page else self.there == self.text

    def written(self) -> str:
        """Return what the file should hold."""
        return page(self.text) if self.is_page else self.text

    def difference(self) -> list[str]:
        """Return the lines in which the file differs; none for a page, which has only a digest."""
        if self.is_page or self.there is None:
            return []
        before, now = self.there.splitlines(), self.text.splitlines()
        return list(difflib.unified_diff(before, now, "there", "now", lineterm="", n=0))


def dictionary_of(stand: Stand) -> str:
    """Return the data dictionary of a system, as Markdown."""
    return write_dictionary(
        stand.name,
        stand.contract,
        parts_of(stand),
        bookkeeping=stand.bookkeeping,
        rules=stand.request.system.partitions,
    )


def kept_dictionaries(stand: Stand, paths: Iterable[Path]) -> list[KeptDictionary]:
    """Return the dictionary that each file should hold, and what it holds."""
    text = dictionary_of(stand)
    return [
        KeptDictionary(
            path=path,
            text=text,
            there=path.read_text(encoding="utf-8", errors="replace") if path.exists() else None,
        )
        for path in paths
    ]


def dictionary_trials(stand: Stand) -> Iterator[Runnable]:
    """Yield the trial of a system's data dictionaries, if it keeps some."""
    if stand.request.system.dictionary:
        subject = Subject(object=stand.name)
        title = "the data dictionary says what the schema is"
        trial = Trial(kind="dictionary", subject=subject, title=title)
        yield Runnable(trial=trial, perform=partial(_judge, stand))


def _judge(stand: Stand) -> Iterator[Finding]:
    try:
        kept = kept_dictionaries(stand, stand.request.system.dictionary)
    except (PgassayError, OSError) as error:
        yield _finding(stand, "the data dictionary", str(error))
        return
    for one in kept:
        if one.holds:
            continue
        name = shown(one.path, stand.request.config.root)
        found = "there is no such file" if one.there is None else "it says what is not so"
        if one.is_foreign:
            found = "it was not written by pgassay dictionary"
        yield _finding(stand, name, found, one.difference()[:_SHOWN])


def _finding(stand: Stand, name: str, found: str, evidence: Iterable[str] = ()) -> Finding:
    return Finding(
        slug="dictionary",
        subject=Subject(object=stand.name),
        title=f"{name}: {found}",
        found=found,
        expected="what the comments and the catalog say",
        why="who works by the dictionary meets a column, a key or a value that it does not tell of",
        fix=f"pgassay dictionary --system {stand.name}",
        evidence=tuple(evidence),
        source=name,
        discriminator=name,
    )
