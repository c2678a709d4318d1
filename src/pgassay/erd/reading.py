"""A drawing laid over a catalog: which entity draws which table, which attribute which column."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pgassay.core.catalog import EnumType, Table, View
from pgassay.drift.policy import BOOKKEEPING
from pgassay.erd.marks import Marks, marks_of
from pgassay.erd.naming import Directory, Spelling, fold

if TYPE_CHECKING:
    from collections.abc import Collection

    from pgassay.core.catalog import Catalog, Column
    from pgassay.core.names import QualifiedName
    from pgassay.erd.diagram import Attribute, Drawing, Entity, Relation

Drawn = Table | View | EnumType


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnColumn:
    """One attribute with its marks, and the column that it draws; None if there is none."""

    attribute: Attribute
    marks: Marks
    column: Column | None


@dataclass(slots=True, kw_only=True)
class Sheet:
    """Everything that a drawing shows of one table, view or enum type.

    `first` is where it is drawn first, with its attributes if it has any.
    """

    thing: Drawn
    first: Entity
    entities: list[Entity] = field(default_factory=list)
    columns: list[DrawnColumn] = field(default_factory=list)

    @property
    def attributes(self) -> list[Attribute]:
        """Its attributes, of all places where it is drawn."""
        return [attribute for entity in self.entities for attribute in entity.attributes]


@dataclass(slots=True, kw_only=True)
class Reading:
    """A drawing laid over a catalog.

    Args:
        catalog: what there is.
        drawing: what is drawn.
        sheets: what is drawn of each thing there is, by its name.
        things: what each entity draws, by the entity's name.
        strangers: entities that draw nothing there is.
        books: names of the tables that are tools' own; entities called so draw nothing here.
        misspelt: entities whose name no style of the drawing explains.
        misspelt_columns: attributes of that sort.
    """

    catalog: Catalog
    drawing: Drawing
    sheets: dict[QualifiedName, Sheet] = field(default_factory=dict)
    strangers: dict[str, Entity] = field(default_factory=dict)
    things: dict[str, Drawn] = field(default_factory=dict)
    books: frozenset[str] = frozenset()
    misspelt: dict[QualifiedName, Entity] = field(default_factory=dict)
    misspelt_columns: list[tuple[Sheet, DrawnColumn]] = field(default_factory=list)

    @property
    def tables(self) -> list[Sheet]:
        """The sheets of tables, in the order of their names."""
        return [self.sheets[name] for name in sorted(self.sheets) if self.is_table(name)]

    def is_table(self, name: QualifiedName) -> bool:
        """Whether that which is called so is drawn, and a table of its own (no partition)."""
        sheet = self.sheets.get(name)
        return sheet is not None and isinstance(sheet.thing, Table) and not sheet.thing.partition

    def relations(self) -> list[Relation]:
        """Return every relation once, as often as the diagram says it that says it most often.

        An overview repeats what the diagrams of its parts say.
        """
        found: dict[tuple[object, ...], list[Relation]] = {}
        for diagram in self.drawing.diagrams:
            here: dict[tuple[object, ...], list[Relation]] = {}
            for relation in diagram.relations:
                if {relation.left, relation.right} & diagram.groups:
                    continue  # drawn between groups of entities
                ends = sorted(
                    [(relation.left, relation.left_end), (relation.right, relation.right_end)]
                )
                here.setdefault((*ends, relation.label), []).append(relation)
            for key, several in here.items():
                if len(several) > len(found.get(key, ())):
                    found[key] = several
        return [relation for several in found.values() for relation in several]


def lay(drawing: Drawing, catalog: Catalog, bookkeeping: Collection[QualifiedName]) -> Reading:
    """Lay a drawing over a catalog; tables of tools' own books are left out on both sides."""
    books = frozenset((*BOOKKEEPING, *(name.name for name in bookkeeping)))
    reading = Reading(catalog=catalog, drawing=drawing, books=books)
    entities: dict[str, list[Entity]] = {}
    for diagram in drawing.diagrams:
        for entity in diagram.entities:
            if entity.name not in diagram.groups:
                entities.setdefault(entity.name, []).append(entity)
    found = _found(catalog, entities)
    spelling = Spelling(exact=drawing.complete)
    for name, several in entities.items():
        thing = found.get(name)
        if name in books or (thing is not None and thing.name.name in books):
            continue
        if thing is None:
            reading.strangers[name] = min(several, key=_rank)
        else:
            reading.things[name] = thing
            known = reading.sheets.setdefault(thing.name, Sheet(thing=thing, first=several[0]))
            known.entities += several
            known.first = min(known.entities, key=_rank)
            spelling.hear(name, name if _is_called(name, several, thing) else thing.name.name)
    for drawn, _ in spelling.slips():
        reading.misspelt.setdefault(found[drawn].name, min(entities[drawn], key=_rank))
    _lay_columns(reading)
    return reading


def _found(catalog: Catalog, entities: dict[str, list[Entity]]) -> dict[str, Drawn]:
    """Return what each entity draws: tables before enum types, exact names before loose ones."""
    tables: Directory[Drawn] = Directory(
        (thing.name, thing) for kind in (catalog.tables, catalog.views) for thing in kind
    )
    enums: Directory[Drawn] = Directory((enum.name, enum) for enum in catalog.enums)
    looks = (tables.exactly, enums.exactly, tables.loosely, enums.loosely)
    found: dict[str, Drawn] = {}
    taken: set[QualifiedName] = set()
    for number, look in enumerate(looks):
        for name, several in entities.items():
            texts = [name, *(entity.alias for entity in several if entity.alias)]
            thing = next((thing for text in texts if (thing := look(text)) is not None), None)
            loose = number > 1
            if name not in found and thing is not None and not (loose and thing.name in taken):
                found[name] = thing
        taken |= {thing.name for thing in found.values()}
    return found


def _rank(entity: Entity) -> tuple[bool, bool, str, int]:
    """Sort first what shows most: a block with attributes, an entity by itself, then a line."""
    return (not entity.attributes, not entity.explicit, entity.place.file, entity.place.line)


def _is_called(name: str, several: list[Entity], thing: Drawn) -> bool:
    """Whether an entity has the very name of what it draws, or its alias has."""
    own: Directory[Drawn] = Directory([(thing.name, thing)])
    return any(own.exactly(t) for t in (name, *(e.alias for e in several if e.alias)))


def _lay_columns(reading: Reading) -> None:
    spelling = Spelling(exact=reading.drawing.complete)
    loose: list[tuple[Sheet, DrawnColumn]] = []
    for sheet in reading.sheets.values():
        if isinstance(sheet.thing, EnumType):
            continue
        columns = {column.name: column for column in sheet.thing.columns}
        for attribute in sheet.attributes:
            column = columns.get(attribute.name) or _loosely(attribute.name, sheet)
            drawn = DrawnColumn(attribute=attribute, marks=marks_of(attribute), column=column)
            sheet.columns.append(drawn)
            if column is not None:
                spelling.hear(attribute.name, column.name)
                if column.name != attribute.name:
                    loose.append((sheet, drawn))
    slips = set(spelling.slips())
    reading.misspelt_columns += [
        (sheet, drawn)
        for sheet, drawn in loose
        if drawn.column is not None and (drawn.attribute.name, drawn.column.name) in slips
    ]


def _loosely(drawn: str, sheet: Sheet) -> Column | None:
    """Return the one column that nothing else draws and whose name differs in style alone."""
    assert isinstance(sheet.thing, Table | View)
    exact = {attribute.name for attribute in sheet.attributes}
    # prisma-erd-generator writes z_ for a leading underscore
    folds = {fold(drawn), fold(drawn.removeprefix("z_"))} - {""}
    found = [c for c in sheet.thing.columns if c.name not in exact and fold(c.name) in folds]
    return found[0] if len(found) == 1 else None
