"""What one field of a catalog means to drift: how it is compared, how it is told, why it matters.

The tables beside this module hold one `Promise` per field of every catalog dataclass. A field
that is not compared is `silent`, and says why; a test holds the tables against the dataclasses by
reflection, so that a field added later cannot be forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from pgassay.core.names import quote_all

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pgassay.drift.fixpoint import Place


class How(Enum):
    """How a field is compared."""

    NAME = "name"  # tells siblings apart
    VALUE = "value"  # equal, or a difference
    SET = "set"  # equal whatever the order
    CHILDREN = "children"  # objects paired by name, each compared
    ORDER = "order"  # children whose order is meaning
    GRANTS = "grants"  # rights, told by grantee
    LAST = "last"  # repeats other fields: told only where nothing else of its object differs
    SILENT = "silent"  # never compared; `why` is the reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """How one field is compared and told.

    Args:
        how: the way it is compared.
        word: what people call it; also its kind in patterns of what only migrations create.
        why: why a difference matters (or, of a silent field, why there is none).
        lead: what is written before a value; `none` what is written if there is none.
        yes: the words of True, `no` of False, for a flag.
        text: a value as text.
        by: what of the value is compared, if not all of it.
        place: where the expression stands, if it is one.
    """

    how: How
    word: str = ""
    why: str = ""
    lead: str = ""
    none: str = ""
    yes: str = ""
    no: str = ""
    text: Callable[[object], str] = str
    by: Callable[[object], object] | None = None
    place: Place | None = None

    def says(self, value: object) -> str:
        """Return a value of the field in words, as in `ON DELETE CASCADE` or `no default`."""
        if isinstance(value, bool) and self.yes:
            return self.yes if value else self.no
        if value is None or value == ():
            return self.none or f"no {self.word}"
        return f"{self.lead} {self.text(value)}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """What one dataclass is called, and why it matters whether it is there.

    `word` may be refined by a value (the kind of a constraint): `words` gives it for an object.
    """

    word: str
    missing: str
    extra: str
    fields: Mapping[str, Promise]
    words: Callable[[object], str] | None = field(default=None)

    def of(self, value: object) -> str:
        """Return what this object is called."""
        return self.words(value) if self.words else self.word


def listed(value: object) -> str:
    """Return names or texts as people list them."""
    assert isinstance(value, tuple)
    return ", ".join(str(item) for item in value)


def columns_text(value: object) -> str:
    """Return column names in parentheses, quoted."""
    assert isinstance(value, tuple)
    return f"({quote_all(value)})"


def name() -> Promise:
    """Return the promise of an identifying field."""
    return Promise(how=How.NAME, word="name")


def value(
    word: str,
    why: str,
    *,
    lead: str | None = None,
    none: str = "",
    text: Callable[[object], str] = str,
    by: Callable[[object], object] | None = None,
    place: Place | None = None,
) -> Promise:
    """Return the promise of a value; `lead` is the word in capitals unless given."""
    lead = word.upper() if lead is None else lead
    return Promise(
        how=How.VALUE, word=word, why=why, lead=lead, none=none, text=text, by=by, place=place
    )


def flag(word: str, why: str, *, yes: str, no: str) -> Promise:
    """Return the promise of a truth value."""
    return Promise(how=How.VALUE, word=word, why=why, yes=yes, no=no)


def unordered(word: str, why: str, *, lead: str = "", none: str = "") -> Promise:
    """Return the promise of a tuple whose order means nothing."""
    return Promise(how=How.SET, word=word, why=why, lead=lead, none=none, text=listed)


def children(word: str) -> Promise:
    """Return the promise of a tuple of objects that have names."""
    return Promise(how=How.CHILDREN, word=word)


def last(word: str, why: str) -> Promise:
    """Return the promise of text that repeats the other fields and holds what they do not."""
    return Promise(how=How.LAST, word=word, why=why)


def silent(why: str) -> Promise:
    """Return the promise of a field that is never compared."""
    return Promise(how=How.SILENT, why=why)


GRANTS = Promise(
    how=How.GRANTS,
    word="grant",
    why="a right too few stops the application; a right too many lets somebody read or change "
    "what they should not",
)
COMMENT = value(
    "comment",
    "comments are what people and tools read the schema by, marks of sensitive columns included",
    text=lambda text: repr(text) if "\n" in str(text) else f"'{text}'",
)
DEFINITION_REPEATS = "deparsed from the other fields, each of which is compared"
NULLS_NOT_DISTINCT = flag(
    "treatment of NULLs",
    "several rows without a value are accepted or refused",
    yes="NULLS NOT DISTINCT",
    no="NULLS DISTINCT",
)
