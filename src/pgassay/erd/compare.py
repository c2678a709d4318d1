"""A drawing held against a catalog: what the diagrams say that is not so, and what they leave out.

Only what a diagram can say is judged, and of that only what this one says somewhere (`habits`).
What is left unjudged for that reason is told once, as information.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.finding import Severity
from pgassay.erd.columns import ColumnJudge, lacking, unknown_types
from pgassay.erd.habits import habits_of
from pgassay.erd.naming import label_of
from pgassay.erd.reading import lay
from pgassay.erd.relations import RelationJudge
from pgassay.erd.words import Teller

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pgassay.core.catalog import Catalog, EnumType
    from pgassay.core.finding import Finding
    from pgassay.core.names import QualifiedName
    from pgassay.erd.diagram import Drawing
    from pgassay.erd.habits import Habits
    from pgassay.erd.reading import Reading, Sheet

MAX_TEXT = 50_000
"""The characters of a diagram beyond which Mermaid, and so GitHub, draws none (maxTextSize)."""


def compare_drawing(
    drawing: Drawing,
    catalog: Catalog,
    *,
    promised_by: str = "models",
    bookkeeping: Collection[QualifiedName] = (),
) -> list[Finding]:
    """Return where a drawing differs from a catalog, in a fixed order.

    Args:
        drawing: all diagrams of the system.
        catalog: what there is.
        promised_by: who says so: `models`, `migrations`.
        bookkeeping: tables in which tools keep their own books, beside the usual ones.
    """
    reading = lay(drawing, catalog, bookkeeping)
    habits = habits_of(reading)
    teller = Teller(
        catalog=catalog, promised_by=promised_by, document=", ".join(sorted(set(drawing.files)))
    )
    columns = ColumnJudge(reading, habits, teller)
    relations = RelationJudge(reading, teller)
    # first the relations: some stand for tables that need not be drawn
    found = [*relations.findings(), *columns.findings()]
    found += _tables(reading, relations.implied, teller)
    found += _enums(reading, habits, teller)
    found += [*unknown_types(columns, teller), *_told(reading, habits, columns, relations, teller)]
    rank = list(Severity)
    return sorted(found, key=lambda one: (rank.index(one.severity), one.fingerprint, one.found))


def _tables(
    reading: Reading, implied: Collection[QualifiedName], teller: Teller
) -> Iterator[Finding]:
    books = reading.books
    for table in reading.catalog.roots():
        if table.name in reading.sheets or table.name in implied or table.name.name in books:
            continue
        yield teller.about(
            table.name,
            what="table not drawn",
            title=f"the {teller.promised_by} have the table, the diagram does not draw it",
            found="no entity of that name",
            expected=f"an entity {label_of(table.name)}",
            fix=teller.entity(table),
        )
    for name, entity in reading.strangers.items():
        yield teller.about(
            name,
            what="table not there",
            title="the diagram draws it, there is no such table",
            found=f"an entity {name}",
            expected="a table, a view or an enum type of that name",
            fix=f"take it out of the diagram, or add the table to the {teller.promised_by}",
            place=entity.place,
        )
    for real, entity in reading.misspelt.items():
        yield teller.about(
            real,
            what="table name",
            title=f"the diagram calls it {entity.name}",
            found=entity.name,
            expected=label_of(real),
            why="other tables of the drawing have their names exactly; a query would not find it",
            fix=f"write {label_of(real)}",
            place=entity.place,
        )


def _enums(reading: Reading, habits: Habits, teller: Teller) -> Iterator[Finding]:
    for enum in reading.catalog.enums:
        sheet = reading.sheets.get(enum.name)
        if sheet is None:
            if habits.enums:
                yield teller.about(
                    enum.name,
                    what="enum not drawn",
                    title="the diagram draws enum types, and not this one",
                    found="no entity of that name",
                    expected=", ".join(enum.labels),
                    fix=f"draw it with {', '.join(enum.labels)}",
                )
        elif sheet.attributes:
            yield from _labels(enum, sheet, teller)


def _labels(enum: EnumType, sheet: Sheet, teller: Teller) -> Iterator[Finding]:
    drawn = [attribute.name for attribute in sheet.first.attributes]
    if drawn != list(enum.labels):
        same = sorted(drawn) == sorted(enum.labels)
        yield teller.about(
            enum.name,
            what="labels",
            title=f"the diagram draws {'another order of its' if same else 'other'} labels",
            found=", ".join(drawn),
            expected=", ".join(enum.labels),
            why="a label that is not there is refused, and labels sort in their order",
            fix=f"draw it with {', '.join(enum.labels)}",
            place=sheet.first.place,
        )


def _told(
    reading: Reading,
    habits: Habits,
    columns: ColumnJudge,
    relations: RelationJudge,
    teller: Teller,
) -> Iterator[Finding]:
    unsaid = lacking(reading, habits, columns.types)
    if not habits.relations and any(table.foreign_keys for table in reading.catalog.roots()):
        unsaid.append("relations")
    if not any(sheet.attributes for sheet in reading.tables):
        unsaid.append("columns")
    if unsaid:
        yield teller.told(
            "never said",
            "what the drawing never says is not judged",
            "it never shows " + "; ".join(unsaid),
            "a drawing that says it somewhere is held to it everywhere",
            "a mark that is never set is missing nowhere; know what agreement means here",
        )
    if relations.at_least_one:
        lines = ", ".join(str(line.place) for line in relations.at_least_one)
        yield teller.told(
            "at least one",
            "that every parent has a child is not judged",
            f"drawn so: {lines}",
            "zero or more, or zero or one",
            "no foreign key can promise it: a parent is there before its first child",
        )
    for number, diagram in enumerate(reading.drawing.diagrams, 1):
        if diagram.length > MAX_TEXT:
            yield teller.told(
                f"too long {number}",
                "Mermaid draws no diagram of this length",
                f"{diagram.length:,} characters from {diagram.place}",
                f"{MAX_TEXT:,} at most, as GitHub has it",
                "readers see an error where the diagram should be",
            )
