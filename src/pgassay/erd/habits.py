"""What a drawing never says is not judged; here is what this one says.

Diagrams are drawn by people and by tools, each with habits: one marks what can be null and
another marks nothing, one leaves out foreign key columns because the lines show them, one draws
keys alone. A mark that a drawing never sets is not missing anywhere; a single table drawn without
its columns among tables drawn in full is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.catalog import EnumType, Table
from pgassay.erd.keys import SITUATIONS, marked
from pgassay.erd.marks import FK, PK, UK

if TYPE_CHECKING:
    from pgassay.erd.reading import Reading

Kind = tuple[str, str]
"""A mark and its situation, as `keys.marked` has them: `("UK", "beside PK or FK")`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What a drawing says.

    Args:
        nullable: it marks what can be null; what has no mark cannot.
        not_null: it marks what cannot be null; what has no mark can.
        marks: the kinds of key marks that it sets where they belong.
        columns: most of its tables have columns.
        plain_columns: it draws columns that are no keys.
        foreign_columns: it draws the columns of foreign keys that are in no primary key.
        relations: it draws relations.
        enums: it draws enum types, as entities.
    """

    nullable: bool
    not_null: bool
    marks: frozenset[Kind]
    columns: bool
    plain_columns: bool
    foreign_columns: bool
    relations: bool
    enums: bool


COMPLETE = Habits(
    nullable=True,
    not_null=False,
    marks=frozenset((key, how) for key in (PK, FK, UK) for how in SITUATIONS),
    columns=True,
    plain_columns=True,
    foreign_columns=True,
    relations=True,
    enums=False,
)
"""What pgassay says in its own documents: all but enum types, whose names the columns have."""


def habits_of(reading: Reading) -> Habits:
    """Return what a drawing says."""
    if reading.drawing.complete:
        return COMPLETE
    said: Counter[bool | None] = Counter()
    kinds: set[Kind] = set()
    plain = foreign = commented = False
    for sheet in reading.tables:
        assert isinstance(sheet.thing, Table)
        belongs = marked(sheet.thing)
        for drawn in sheet.columns:
            if drawn.column is None:
                continue
            marks = belongs[drawn.column.name]
            said[drawn.marks.nullable] += 1
            kinds |= {(key, how) for key in drawn.marks.keys for how in marks.get(key, ())}
            commented |= bool(drawn.marks.commented)
            plain |= not marks and not drawn.marks.keys
            foreign |= set(marks) == {FK} or FK in drawn.marks.keys
    with_columns = sum(bool(sheet.attributes) for sheet in reading.tables)
    return Habits(
        nullable=said[True] > 0,
        not_null=said[False] > 0,
        marks=frozenset(kinds),
        columns=2 * with_columns > len(reading.tables),
        plain_columns=plain,
        # prisma-erd-generator, which has its key marks in comments, leaves them out
        foreign_columns=foreign or not commented,
        relations=bool(reading.relations()),
        enums=any(
            isinstance(sheet.thing, EnumType) and sheet.attributes
            for sheet in reading.sheets.values()
        ),
    )
