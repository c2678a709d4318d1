"""Columns as they are drawn, held against columns as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.catalog import EnumType, Table
from pgassay.core.names import quote
from pgassay.erd.keys import Belongs, is_required, marked, may_be_marked_unique
from pgassay.erd.marks import FK, PK, UK
from pgassay.erd.types import TypeHabits, TypeJudge, Verdict, spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.catalog import Catalog, Column
    from pgassay.core.finding import Finding
    from pgassay.core.names import QualifiedName
    from pgassay.erd.diagram import Attribute
    from pgassay.erd.habits import Habits
    from pgassay.erd.reading import DrawnColumn, Reading, Sheet
    from pgassay.erd.words import Teller

_KEY_NAMES = {PK: "primary key", FK: "foreign key", UK: "unique"}


class ColumnJudge:
    """Judges the attributes of every table and view of a drawing.

    Attributes:
        unknown: types that are words neither of PostgreSQL nor of the schema, with their place.
    """

    def __init__(self, reading: Reading, habits: Habits, teller: Teller) -> None:
        self._reading, self._habits, self._teller = reading, habits, teller
        self._types = TypeJudge(reading.catalog, exact=reading.drawing.complete)
        self._types.learn(
            drawn.attribute.type for sheet in reading.sheets.values() for drawn in sheet.columns
        )
        self.unknown: dict[str, str] = {}

    @property
    def types(self) -> TypeHabits:
        """Which distinctions the drawing makes between types."""
        return self._types.habits

    def findings(self) -> Iterator[Finding]:
        """Yield what is wrong with the columns of what is drawn."""
        yield from self._twice()
        for sheet in self._reading.sheets.values():
            if isinstance(sheet.thing, EnumType) or (
                isinstance(sheet.thing, Table) and sheet.thing.partition
            ):
                continue
            belongs = marked(sheet.thing) if isinstance(sheet.thing, Table) else {}
            for drawn in sheet.columns:
                if drawn.column is None:
                    yield self._stranger(sheet, drawn)
                    continue
                yield from self._type(sheet, drawn, drawn.column)
                if isinstance(sheet.thing, Table):
                    yield from self._null(sheet, drawn, drawn.column)
                    yield from self._marks(sheet.thing, drawn, drawn.column, belongs)
            if isinstance(sheet.thing, Table):
                yield from self._missing(sheet, sheet.thing, belongs)
        for sheet, drawn in self._reading.misspelt_columns:
            yield self._misspelt(sheet, drawn)

    def _twice(self) -> Iterator[Finding]:
        for diagram in self._reading.drawing.diagrams:
            seen: set[tuple[QualifiedName, str]] = set()
            for entity in diagram.entities:
                thing = self._reading.things.get(entity.name)
                if thing is None:
                    continue
                for attribute in entity.attributes:
                    if (thing.name, attribute.name) in seen:
                        yield self._drawn_again(thing.name, attribute)
                    seen.add((thing.name, attribute.name))

    def _drawn_again(self, table: QualifiedName, attribute: Attribute) -> Finding:
        return self._teller.about(
            table,
            quote(attribute.name),
            what="drawn twice",
            title=f"the diagram draws {quote(attribute.name)} twice",
            found=f"a second {attribute.name} in one diagram",
            expected="each of them once",
            fix=f"take line {attribute.place.line} out of the diagram",
            place=attribute.place,
        )

    def _stranger(self, sheet: Sheet, drawn: DrawnColumn) -> Finding:
        name = quote(drawn.attribute.name)
        return self._teller.about(
            sheet.thing.name,
            name,
            what="column not there",
            title=f"the diagram draws column {name}, there is none",
            found=f"{drawn.attribute.type} {drawn.attribute.name}",
            expected=f"no column {name} in {sheet.thing.name}",
            fix=f"take line {drawn.attribute.place.line} out of the diagram, or add the column",
            place=drawn.attribute.place,
        )

    def _misspelt(self, sheet: Sheet, drawn: DrawnColumn) -> Finding:
        assert drawn.column is not None
        real, shown = quote(drawn.column.name), quote(drawn.attribute.name)
        return self._teller.about(
            sheet.thing.name,
            real,
            what="column name",
            title=f"the diagram calls column {real} {shown}",
            found=drawn.attribute.name,
            expected=drawn.column.name,
            why="other columns of the drawing have their names exactly; a query would not find it",
            fix=f"write {drawn.column.name}",
            place=drawn.attribute.place,
        )

    def _type(self, sheet: Sheet, drawn: DrawnColumn, column: Column) -> Iterator[Finding]:
        stated = drawn.attribute.type
        verdict = self._types.judge(stated, column.type)
        if verdict is Verdict.UNKNOWN:
            self.unknown.setdefault(stated, str(drawn.attribute.place))
        if verdict is Verdict.DIFFERS:
            yield self._teller.about(
                sheet.thing.name,
                quote(column.name),
                what="type",
                title=f"the diagram says {stated}, the column is {column.type.sql}",
                found=stated,
                expected=spelled(column.type),
                why="what is written from the diagram does not fit into the column, or reads "
                "something else out of it",
                fix=f"{spelled(column.type)} {drawn.attribute.name}",
                place=drawn.attribute.place,
            )

    def _null(self, sheet: Sheet, drawn: DrawnColumn, column: Column) -> Iterator[Finding]:
        says = drawn.marks.nullable
        if says is None:
            if self._habits.nullable == self._habits.not_null:
                return  # no column is marked, or some are marked one way and some the other
            says = not self._habits.nullable
            if says and column.name in self._primary(sheet):
                return
        is_null = not is_required(self._reading.catalog, column)
        if says == is_null:
            return
        what, real = ("can" if says else "cannot"), ("can" if is_null else "cannot")
        table = sheet.thing
        assert isinstance(table, Table)
        yield self._teller.about(
            table.name,
            quote(column.name),
            what="nullability",
            title=f"by the diagram it {what} be null, the column {real}",
            found="nullable" if says else "not null",
            expected="nullable" if is_null else "not null",
            why="what reads the column meets a null where the diagram promises none, or a write "
            "without a value is refused",
            fix=self._line(table, column),
            place=drawn.attribute.place,
        )

    def _primary(self, sheet: Sheet) -> tuple[str, ...]:
        assert isinstance(sheet.thing, Table)
        return sheet.thing.primary_key.columns if sheet.thing.primary_key else ()

    def _marks(
        self, table: Table, drawn: DrawnColumn, column: Column, marks: Belongs
    ) -> Iterator[Finding]:
        belongs = marks[column.name]
        allowed = set(belongs)
        complete = self._reading.drawing.complete
        if UK in drawn.marks.keys and not complete and column.name in may_be_marked_unique(table):
            allowed.add(UK)
        for key in (PK, FK, UK):
            wrong = key in drawn.marks.keys and key not in allowed
            usual = any((key, how) in self._habits.marks for how in belongs.get(key, ()))
            lacks = key in belongs and key not in drawn.marks.keys and usual
            if not wrong and not lacks:
                continue
            says, real = ("", "no ") if wrong else ("no ", "")
            yield self._teller.about(
                table.name,
                quote(column.name),
                what=f"{key} mark",
                title=f"the diagram has it {'as' if wrong else 'not as'} {_KEY_NAMES[key]}, "
                f"the table {'does not' if wrong else 'does'}",
                found=f"{says}{key}",
                expected=f"{real}{key}",
                why=_WHY[key],
                fix=self._line(table, column),
                place=drawn.attribute.place,
            )

    def _missing(self, sheet: Sheet, table: Table, belongs: Belongs) -> Iterator[Finding]:
        if not sheet.attributes:
            if self._habits.columns:
                yield self._teller.about(
                    table.name,
                    what="columns",
                    title="the diagram draws the table without its columns",
                    found="no column",
                    expected=f"{len(table.columns)} columns, as other tables are drawn",
                    fix=self._teller.entity(table),
                    place=sheet.first.place,
                )
            return
        drawn = {one.column.name for one in sheet.columns if one.column is not None}
        for column in table.columns:
            marks = set(belongs[column.name])
            expected = self._habits.plain_columns if not marks else (
                self._habits.foreign_columns or FK not in marks or PK in marks
            )  # fmt: skip
            if column.name in drawn or not expected:
                continue
            yield self._teller.about(
                table.name,
                quote(column.name),
                what="column not drawn",
                title=f"the diagram does not draw column {quote(column.name)}",
                found="no such attribute",
                expected=self._line(table, column),
                fix=self._line(table, column),
                place=sheet.first.place,
            )

    def _line(self, table: Table, column: Column) -> str:
        return self._teller.attribute(table, column)


_WHY = {
    PK: "the primary key is how rows are found and referred to",
    FK: "who reads the diagram looks for a reference where there is none, or misses one",
    UK: "duplicates are refused where the diagram allows them, or taken where it refuses them",
}


def lacking(reading: Reading, habits: Habits, types: TypeHabits) -> list[str]:
    """Return in words what the drawing never says although there would be something to say."""
    catalog: Catalog = reading.catalog
    found: set[str] = set()
    for sheet in reading.tables:
        assert isinstance(sheet.thing, Table)
        belongs = marked(sheet.thing)
        for drawn in sheet.columns:
            if drawn.column is None:
                continue
            marks = belongs[drawn.column.name]
            found |= {
                f"{key} marks{'' if how == 'alone' else f' {how}'}"
                for key, hows in marks.items()
                for how in hows
                if (key, how) not in habits.marks
            }
            if not is_required(catalog, drawn.column) and not (habits.nullable or habits.not_null):
                found.add("what can be null")
            if habits.nullable and habits.not_null and drawn.marks.nullable is None:
                found.add("nulls of columns with no mark, since it marks both what can and cannot")
    columns = [one.column for sheet in reading.tables for one in sheet.columns if one.column]
    if not types.arrays and any(column.type.array for column in columns):
        found.add("which columns are arrays")
    if not habits.plain_columns and any(sheet.attributes for sheet in reading.tables):
        found.add("columns that are no keys")
    if not habits.foreign_columns:
        found.add("columns of foreign keys")
    return sorted(found)


def unknown_types(judge: ColumnJudge, teller: Teller) -> Iterator[Finding]:
    """Yield the information that some types are words that nobody knows."""
    if judge.unknown:
        listed = ", ".join(f"{word} ({place})" for word, place in sorted(judge.unknown.items()))
        yield teller.told(
            "unknown types",
            "types that neither PostgreSQL nor the schema knows are not judged",
            listed,
            "a type of PostgreSQL or of the schema, or a family such as string, int, datetime",
            "a word that means nothing here cannot be wrong either",
        )
