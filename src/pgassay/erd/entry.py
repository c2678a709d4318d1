"""One table in the data dictionary: what it is for, its columns, keys, indexes, references."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.catalog import Action, ConstraintKind, TypeKind
from pgassay.core.names import quote
from pgassay.erd.keys import is_required, marked, root_of
from pgassay.erd.markdown import cell_code, code, plain, table
from pgassay.erd.marks import FK, PK, UK
from pgassay.erd.naming import label_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pgassay.core.catalog import Catalog, Column, Constraint, Index, Table, Trigger
    from pgassay.core.config import PartitionRule
    from pgassay.core.names import QualifiedName

_FEW = 12  # labels of an enum that are listed at every column of it


class Entries:
    """Writes the entries of tables.

    Args:
        catalog: what is described.
        anchors: by relation or type, what its heading is called in links.
        rules: which partitions exist by rule.
    """

    def __init__(
        self,
        catalog: Catalog,
        anchors: Mapping[QualifiedName, str],
        rules: Sequence[PartitionRule] = (),
    ) -> None:
        self._catalog, self._anchors = catalog, anchors
        self._rules = {rule.table: rule for rule in rules}
        self._enums = {enum.name: enum for enum in catalog.enums}
        self._referring: dict[QualifiedName, list[tuple[Table, Constraint]]] = {}
        for child in sorted(catalog.roots(), key=lambda one: one.name):
            for key in child.foreign_keys:
                assert key.references is not None
                parent = root_of(catalog, key.references)
                self._referring.setdefault(parent, []).append((child, key))

    def of(self, described: Table) -> Iterator[str]:
        """Yield the blocks of a table's entry beneath its heading."""
        if described.comment:
            yield plain(described.comment)
        if facts := " ".join(self._facts(described)):
            yield facts
        yield self.columns(described.columns, marked(described), described)
        for title, lines in (
            ("Keys and checks", self._constraints(described)),
            ("Refers to", self._refers(described)),
            ("Referred to by", self._referred(described)),
            ("Indexes", (_index(described, one) for one in described.indexes)),
            ("Partitions", self._partitions(described)),
            ("Triggers", map(_trigger, described.triggers)),
            ("Policies", (f"{code(one.name)}: {one.command} for {code(', '.join(one.roles))}"
                          for one in described.policies)),
        ):  # fmt: skip
            found = [f"- {line}" for line in lines if line]
            if found:
                yield "\n".join([f"**{title}**", "", *found])

    def columns(
        self,
        columns: Sequence[Column],
        marks: Mapping[str, Mapping[str, object]],
        described: Table | None = None,
    ) -> str:
        """Return columns as a table, of a table or of a view."""
        rows = [
            [
                cell_code(column.name),
                self._type(column),
                ", ".join(key for key in (PK, FK, UK) if key in marks.get(column.name, {})),
                "" if described is None or is_required(self._catalog, column) else "null",
                _default(column),
                self._meaning(column),
            ]
            for column in sorted(columns, key=lambda one: one.position)
        ]
        return table(["Column", "Type", "Keys", "Null", "Default", "Meaning"], rows)

    def _facts(self, described: Table) -> Iterator[str]:
        if described.partition_key is not None:
            yield f"Partitioned by {code(described.partition_key.definition)}."
        if described.inherits:
            yield f"Inherits from {', '.join(map(self.link, described.inherits))}."
        if described.server:
            yield f"Foreign table of the server {code(described.server)}."
        if described.row_security:
            yield "Row-level security is on."

    def _type(self, column: Column) -> str:
        made = column.type.kind in (TypeKind.ENUM, TypeKind.DOMAIN, TypeKind.COMPOSITE)
        if not made:
            return cell_code(column.type.sql)
        text = label_of(column.type.name) + ("[]" if column.type.array else "")
        anchor = self._anchors.get(column.type.name)
        return f"[{cell_code(text)}](#{anchor})" if anchor else cell_code(text)

    def _meaning(self, column: Column) -> str:
        parts = [plain(column.comment)] if column.comment else []
        if column.collation is not None:
            parts.append(f"Sorted by {cell_code(column.collation.name)}.")
        enum = self._enums.get(column.type.name)
        if enum is not None:
            labels = ", ".join(map(cell_code, enum.labels[:_FEW]))
            more = len(enum.labels) - _FEW
            parts.append(f"One of {labels}{f' and {more} more' if more > 0 else ''}.")
        return " ".join(parts)

    def _constraints(self, described: Table) -> Iterator[str]:
        for constraint in described.constraints:
            if constraint.kind is not ConstraintKind.FOREIGN_KEY:
                told = f": {plain(constraint.comment)}" if constraint.comment else ""
                yield f"{code(constraint.name)}: {code(constraint.definition)}{told}"

    def _refers(self, described: Table) -> Iterator[str]:
        for key in described.foreign_keys:
            assert key.references is not None
            parent = root_of(self._catalog, key.references)
            columns = (
                f"{_names(key.columns)} → {self.link(parent)} ({_names(key.referenced_columns)})"
            )
            told = f": {plain(key.comment)}" if key.comment else ""
            yield f"{columns}{_actions(key)}, {code(key.name)}{told}"

    def _referred(self, described: Table) -> Iterator[str]:
        for child, key in self._referring.get(described.name, []):
            yield f"{self.link(child.name)} ({_names(key.columns)}){_actions(key)}"

    def _partitions(self, described: Table) -> Iterator[str]:
        if rule := self._rules.get(described.name):
            ahead = f", {rule.ahead} ahead" if rule.ahead else ""
            yield f"one for every {rule.every}{ahead}"
        for partition in self._catalog.partitions_of(described.name):
            assert partition.partition is not None
            yield f"{code(label_of(partition.name))}: {code(partition.partition.bound)}"

    def link(self, name: QualifiedName) -> str:
        """Return the name of a relation or a type, as a link where it has an entry."""
        anchor = self._anchors.get(name)
        return f"[{code(label_of(name))}](#{anchor})" if anchor else code(label_of(name))


def _default(column: Column) -> str:
    if column.generated is not None:
        return f"generated: {cell_code(column.generated)}"
    if column.identity is not None:
        return f"identity, {column.identity}"
    return cell_code(column.default) if column.default is not None else ""


def _names(columns: Sequence[str]) -> str:
    return ", ".join(map(code, columns))


def _actions(key: Constraint) -> str:
    """Return what a foreign key does beyond refusing, in the words of its definition."""
    said = [
        f", {when} {action}"
        for when, action in (("ON DELETE", key.on_delete), ("ON UPDATE", key.on_update))
        if action is not Action.NO_ACTION
    ]
    deferred = ", INITIALLY DEFERRED" if key.initially_deferred else ", DEFERRABLE"
    return "".join(said) + (deferred if key.deferrable else "")


def _index(described: Table, index: Index) -> str:
    """Return an index that no constraint owns; nothing for one that stands with its constraint."""
    if index.constraint is not None:
        return ""
    head = f"CREATE {'UNIQUE ' if index.unique else ''}INDEX {quote(index.name)} ON "
    body = index.definition.removeprefix(head).removeprefix(f"{described.name.sql} ")
    unique = "unique, " if index.unique else ""
    told = f": {plain(index.comment)}" if index.comment else ""
    return f"{code(index.name)}: {unique}{code(body.removeprefix('USING '))}{told}"


def _trigger(trigger: Trigger) -> str:
    if trigger.inherited:
        return ""
    each = "row" if trigger.for_each_row else "statement"
    events = " OR ".join(trigger.events)
    told = f": {plain(trigger.comment)}" if trigger.comment else ""
    return (
        f"{code(trigger.name)}: {trigger.timing} {events} for each {each}, "
        f"{code(label_of(trigger.function))}{told}"
    )
