"""Relations as they are drawn, held against foreign keys.

A foreign key is a line from the child, with many rows or at most one (where its columns are
unique), to the parent, of which there is exactly one, or none where a column can be null. That a
parent has at least one child is nothing a foreign key can promise, so the least number at the
child's end is not judged. Two entities with many rows at both ends are joined by a table of two
foreign keys, drawn or not (Prisma keeps `_AToB` to itself).

Several lines between the same two tables are told apart by their labels where these name a column
or a constraint, by their ends otherwise.
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pgassay.core.catalog import EnumType, Table
from pgassay.core.names import QualifiedName, quote_all
from pgassay.erd.keys import Reference, joined, only_joins, references
from pgassay.erd.naming import fold, label_of
from pgassay.erd.spelling import SYMBOLS, ends_of, relation_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgassay.core.finding import Finding
    from pgassay.erd.diagram import End, Relation
    from pgassay.erd.reading import Reading
    from pgassay.erd.words import Teller

Pair = tuple[QualifiedName, QualifiedName]
_STEM = re.compile(r"_?(?:id|uuid|ids|fk|key|code)\Z", re.IGNORECASE)
_DEFINITION = re.compile(r"foreign key \((?P<columns>[^)]*)\)", re.IGNORECASE)


@dataclass(slots=True)
class _Between:
    """The lines and the foreign keys between two tables, which may be one and the same."""

    lines: list[Relation] = field(default_factory=list)
    keys: list[Reference] = field(default_factory=list)


class RelationJudge:
    """Judges the relations of a drawing.

    Attributes:
        implied: tables that a relation of many to many stands for; nobody need draw them.
        at_least_one: lines that promise a child to every parent.
    """

    def __init__(self, reading: Reading, teller: Teller) -> None:
        self._reading, self._teller = reading, teller
        self.implied: set[QualifiedName] = set()
        self.at_least_one: list[Relation] = []
        self._drawn = reading.relations()
        self._joins: dict[Pair, list[Table]] = defaultdict(list)
        for table in reading.catalog.roots():
            if reading.is_table(table.name) or only_joins(table):
                for pair in joined(reading.catalog, table):
                    self._joins[_sorted(*pair)].append(table)

    def findings(self) -> Iterator[Finding]:
        """Yield what is wrong with the relations that are drawn, and which are not drawn."""
        between: dict[Pair, _Between] = defaultdict(_Between)
        for line in self._drawn:
            left, right = (self._reading.things.get(name) for name in (line.left, line.right))
            if left is None or right is None:
                continue  # told where the entity is: it draws nothing there is
            if isinstance(left, EnumType) or isinstance(right, EnumType):
                yield from self._of_enum(line)
            elif all(self._reading.is_table(thing.name) for thing in (left, right)):
                between[_sorted(left.name, right.name)].lines.append(line)
        for key in references(self._reading.catalog):
            if self._reading.is_table(key.child) and self._reading.is_table(key.parent):
                between[_sorted(key.child, key.parent)].keys.append(key)
        for pair in sorted(between):
            yield from self._judge(pair, between[pair])

    def _judge(self, pair: Pair, between: _Between) -> Iterator[Finding]:
        lines, keys = between.lines, between.keys
        # no foreign key has many rows at both ends
        several = [line for line in lines if line.left_end.many and line.right_end.many]
        single = [line for line in lines if line not in several]
        matched: list[tuple[Relation, Reference]] = []
        for fit in (lambda line, key: _named(line, key) and self._fits(line, key), _named,
                    self._fits):  # fmt: skip
            matched += _assigned(single, keys, fit)
        single += self._not_joined(pair, several, keys)
        matched += _assigned(single, keys, lambda line, key: True)  # noqa: ARG005 - any two left over
        for line, key in matched:
            yield from self._ends(line, key)
        yield from map(self._extra, single)
        if self._drawn or self._reading.drawing.complete:
            yield from map(self._missing, keys)

    def _not_joined(
        self, pair: Pair, several: list[Relation], keys: list[Reference]
    ) -> list[Relation]:
        """Return the lines of many to many that no table stands behind."""
        joins, left = list(self._joins[pair]), []
        if self._reading.drawing.complete:
            joins = []  # pgassay draws every table
        for line in several:
            if joins and not any(_named(line, key) for key in keys):
                self.implied.add(joins.pop(0).name)
            else:
                left.append(line)
        return left

    # ------------------------------------------------------------------ ends

    def _sides(self, line: Relation, key: Reference) -> list[tuple[End, End]]:
        """Return the ends at child and parent, in both ways where a table refers to itself."""
        ways = []
        left, right = (self._reading.things[name].name for name in (line.left, line.right))
        if (left, right) == (key.child, key.parent):
            ways.append((line.left_end, line.right_end))
        if (right, left) == (key.child, key.parent):
            ways.append((line.right_end, line.left_end))
        return ways

    def _fits(self, line: Relation, key: Reference) -> bool:
        return any(_agrees(child, parent, key) for child, parent in self._sides(line, key))

    def _ends(self, line: Relation, key: Reference) -> Iterator[Finding]:
        if self._fits(line, key):
            ways = [side for side in self._sides(line, key) if _agrees(*side, key)]
            if all(child.required for child, _ in ways):
                self.at_least_one.append(line)
            return
        child, parent = self._sides(line, key)[0]
        real_child, real_parent = ends_of(key)
        wrong = []
        if child.many is not None and child.many != key.many:
            wrong.append(f"{real_child} of {key.child} for each of {key.parent}")
        if parent.many or parent.required not in (None, key.required):
            wrong.append(f"{real_parent} of {key.parent} for each of {key.child}")
        yield self._teller.about(
            key.child,
            key.name,
            what="cardinality",
            title=f"the diagram draws {child} to {parent}, the foreign key says "
            f"{real_child} to {real_parent}",
            found=_shown(line),
            expected="; ".join(wrong),
            why="one row where there are many, or a parent that is not there, is met by whoever "
            "joins by the diagram",
            fix=relation_line(key),
            place=line.place,
        )

    def _extra(self, line: Relation) -> Finding:
        left, right = (self._reading.things[name].name for name in (line.left, line.right))
        many = line.left_end.many and line.right_end.many
        there_is = "no table joins them" if many else "no foreign key between them"
        return self._teller.about(
            left,
            f"{label_of(right)} : {line.label}" if line.label else label_of(right),
            what="relation not there",
            title=f"the diagram draws a relation to {right}, {there_is}",
            found=_shown(line),
            expected=there_is + (" besides those drawn" if not many else ""),
            why="nothing keeps these rows together: a parent can go and leave its children",
            fix=f"take line {line.place.line} out of the diagram, or add the foreign key",
            place=line.place,
        )

    def _missing(self, key: Reference) -> Finding:
        return self._teller.about(
            key.child,
            key.name,
            what="relation not drawn",
            title=f"the diagram does not draw the reference to {key.parent}",
            found="no relation for it",
            expected=f"({quote_all(key.columns)}) references {key.parent}",
            fix=relation_line(key),
            place=self._reading.sheets[key.child].first.place,
        )

    def _of_enum(self, line: Relation) -> Iterator[Finding]:
        things = [self._reading.things.get(name) for name in (line.left, line.right)]
        tables = [thing for thing in things if isinstance(thing, Table)]
        enums = [thing for thing in things if isinstance(thing, EnumType)]
        if len(tables) != 1 or any(c.type.name == enums[0].name for c in tables[0].columns):
            return
        yield self._teller.about(
            tables[0].name,
            f"{label_of(enums[0].name)} : {line.label}",
            what="relation not there",
            title=f"the diagram draws a line to {enums[0].name}, no column is of that type",
            found=_shown(line),
            expected=f"a column of type {enums[0].name}",
            fix=f"take line {line.place.line} out of the diagram",
            place=line.place,
        )


def _agrees(child: End, parent: End, key: Reference) -> bool:
    return (
        child.many in (None, key.many)
        and not parent.many
        and parent.required in (None, key.required)
    )


def _assigned(
    lines: list[Relation], keys: list[Reference], fits: Callable[[Relation, Reference], bool]
) -> list[tuple[Relation, Reference]]:
    """Pair as many lines and keys as fit, and take them off the lists (augmenting paths)."""
    partner: dict[int, int] = {}

    def seek(line: int, seen: set[int]) -> bool:
        for number, key in enumerate(keys):
            if number not in seen and fits(lines[line], key):
                seen.add(number)
                if number not in partner or seek(partner[number], seen):
                    partner[number] = line
                    return True
        return False

    for line in range(len(lines)):
        seek(line, set())
    pairs = [(lines[line], keys[key]) for key, line in sorted(partner.items())]
    for key in sorted(partner, reverse=True):
        del keys[key]
    for line in sorted(partner.values(), reverse=True):
        del lines[line]
    return pairs


def _named(line: Relation, key: Reference) -> bool:
    """Whether the label of a line means this key."""
    stems = [_STEM.sub("", column) for column in key.columns]
    labels = (key.name, ", ".join(key.columns), ", ".join(stems))
    return fold(_label(line)) in {fold(label) for label in labels} - {""}


def _label(line: Relation) -> str:
    """Return a label; of a whole definition, as tbls writes it, the columns."""
    text = html.unescape(line.label)
    definition = _DEFINITION.match(text)
    return definition["columns"] if definition else text


def _shown(line: Relation) -> str:
    left = SYMBOLS.get(line.left_end, ("u", "u"))[0]
    right = SYMBOLS.get(line.right_end, ("u", "u"))[1]
    stroke = "--" if line.identifying else ".."
    label = f" : {line.label}" if line.label else ""
    return f"{line.left} {left}{stroke}{right} {line.right}{label}"


def _sorted(one: QualifiedName, other: QualifiedName) -> Pair:
    return (one, other) if one <= other else (other, one)
