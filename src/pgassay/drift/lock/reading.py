"""The text of a locked contract to a catalog. Damage is told with the file and the line."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields, replace
from dataclasses import field as dataclass_field
from typing import TYPE_CHECKING, Any, TypeVar

from pgassay.core import catalog as model
from pgassay.core.catalog import TypeKind
from pgassay.core.errors import ConfigError, suggestion
from pgassay.drift.lock.column_types import ColumnTypes
from pgassay.drift.lock.form import contract_form, plain_index
from pgassay.drift.lock.lines import first_line, identity, value_of
from pgassay.drift.lock.shapes import DERIVED, KEYWORDS, ONE_A_LINE, TYPED, Field, Kind, shape_of
from pgassay.drift.lock.values import DamageError, qualified_of
from pgassay.drift.lock.writing import FIRST_LINE
from pgassay.drift.neutral import NEUTRAL

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgassay.core.names import QualifiedName

T = TypeVar("T")
_TYPE_KEYWORDS = {
    "enum": TypeKind.ENUM,
    "domain": TypeKind.DOMAIN,
    "type": TypeKind.COMPOSITE,
    "table": TypeKind.COMPOSITE,
    "range": TypeKind.RANGE,
}
_INDENT = 2
_FIX = "take the file from the last commit that was green, or write it anew and read the change"


@dataclass(slots=True, kw_only=True)
class Node:
    """One line with the lines below it. `block` are the lines of a text of several lines."""

    text: str
    number: int
    children: list[Node] = dataclass_field(default_factory=list)
    block: list[str] = dataclass_field(default_factory=list)


def read_lock(text: str, *, where: str = "contract.lock") -> model.Catalog:
    """Return the catalog that a locked contract holds; `where` names the file if it is damaged.

    The catalog has no major version and no positions. Raises ConfigError with file and line for
    anything that `write_lock` would not have written.
    """
    nodes = _tree(text, where)
    if not nodes or nodes[0].text != FIRST_LINE:
        found = nodes[0].text if nodes else "nothing"
        raise _error(where, nodes[0].number if nodes else 1, found, f'"{FIRST_LINE}"')
    reader = _Reader(where)
    catalog = model.Catalog(major=NEUTRAL, **reader.catalog_fields(nodes[1:]))
    catalog = replace(catalog, tables=tuple(map(_with_plain_indexes, catalog.tables)))
    # What is derived from the rest (definitions, the index of a constraint) is put in again.
    return contract_form(catalog)


def _with_plain_indexes(table: model.Table) -> model.Table:
    owned = {index.constraint for index in table.indexes}
    plain = [plain_index(c, table) for c in table.constraints if c.name not in owned]
    return replace(table, indexes=(*table.indexes, *(i for i in plain if i is not None)))


def _error(path: str, number: int, found: str, expected: str) -> ConfigError:
    return ConfigError(
        f"the locked contract cannot be read: {found}",
        where=f"{path}:{number}",
        expected=expected,
        why="a contract that is read in part would promise less than was agreed",
        fix=_FIX,
    )


def _tree(text: str, path: str) -> list[Node]:
    """Return the lines by their indentation. Only a line feed ends a line."""
    root = Node(text="", number=0)
    open_nodes = [root]
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.rstrip("\r")
        body = line.lstrip(" ")
        if not body or body.startswith("#"):
            continue
        depth, rest = divmod(len(line) - len(body), _INDENT)
        if body.startswith("|"):
            _add_to_block(open_nodes, depth, body, (path, number))
            continue
        if rest or depth >= len(open_nodes):
            raise _error(
                path, number, f"{body!r} is indented like no line above", "two spaces more"
            )
        node = Node(text=body, number=number)
        open_nodes[depth].children.append(node)
        open_nodes[depth + 1 :] = [node]
    return root.children


def _add_to_block(open_nodes: list[Node], depth: int, body: str, where: tuple[str, int]) -> None:
    owner = open_nodes[-1]
    if depth != len(open_nodes) - 2 or not owner.text.endswith(" |"):
        raise _error(*where, f"{body!r} belongs to no text", "a label and | above it")
    owner.block.append(body)


def _first_word(node: Node, keyword: str) -> str | None:
    """Return what follows the keyword on a node's line, or None if it begins otherwise."""
    if node.text == keyword:
        return ""
    return node.text[len(keyword) + 1 :] if node.text.startswith(f"{keyword} ") else None


class _Reader:
    """Reads the lines of one file. `_types` tells columns' types from the types of the file."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._types = ColumnTypes({}, {})

    def catalog_fields(self, nodes: list[Node]) -> dict[str, tuple[Any, ...]]:
        """Return the objects by the field of the catalog that they belong to."""
        self._learn_types(nodes)
        return self._children(model.Catalog, nodes)

    def _learn_types(self, nodes: list[Node]) -> None:
        kinds: dict[QualifiedName, TypeKind] = {}
        domain_nodes = []
        for node in nodes:
            for keyword, kind in _TYPE_KEYWORDS.items():
                rest = _first_word(node, keyword)
                if rest is None:
                    continue
                if kind is TypeKind.DOMAIN:
                    domain_nodes.append(node)
                    continue
                kinds[self._name(node, rest)] = kind
                for line in node.children if kind is TypeKind.RANGE else ():
                    multirange = _first_word(line, "multirange")
                    if multirange:
                        kinds[self._name(line, multirange)] = TypeKind.MULTIRANGE
        domains: dict[QualifiedName, model.ColumnType] = {}
        for _ in domain_nodes:  # a domain over a domain is known once the other one is
            self._types = ColumnTypes(kinds, dict(domains))
            found = [self._object(model.Domain, node) for node in domain_nodes]
            known = {d.name: d.type for d in found}
            if known == domains:
                break
            domains = known
        self._types = ColumnTypes(kinds, domains)

    def _name(self, node: Node, text: str) -> QualifiedName:
        return self._guarded(node, lambda: qualified_of(text)[0])

    def _guarded(self, node: Node, read: Callable[[], T]) -> T:
        """Read a part of a line; damage is told with the line."""
        try:
            return read()
        except DamageError as damage:
            raise _error(self._path, node.number, str(damage), "what write_lock writes") from damage

    def _object(self, cls: type, node: Node) -> Any:
        """Return the object that a line and the lines below it describe."""
        found = self._guarded(node, lambda: first_line(cls, node.text, self._types))
        found |= self._children(cls, node.children)
        for field in fields(cls):
            if field.name in found or field.default is not MISSING:
                continue
            if (cls, field.name) not in DERIVED:
                label = field.name.replace("_", " ")
                raise _error(
                    self._path, node.number, f"{node.text!r} has no line {label!r}", f"{label} …"
                )
            found[field.name] = DERIVED[cls, field.name]
        return cls(**found)

    def _children(self, cls: type, nodes: list[Node]) -> dict[str, Any]:
        """Return the values of an object's fields from the lines below it."""
        shape = shape_of(cls)
        found: dict[str, Any] = {}
        seen: set[Any] = set()
        for node in nodes:
            if cls in TYPED and node.text == KEYWORDS[model.ColumnType]:
                found["type"] = self._object(model.ColumnType, node)
                continue
            field = shape.begun(node.text)
            if field is None:
                expected = suggestion(node.text.partition(" ")[0], shape.labels)
                raise _error(self._path, node.number, f"{node.text!r} is unknown here", expected)
            if field.kind is Kind.OBJECTS:
                made = self._object(field.cls, node)
                if (what := identity(made)) is not None:
                    self._once((field.name, what), seen, node)
                found[field.name] = (*found.get(field.name, ()), made)
                continue
            value = self._value(field, node)
            if field.name in ONE_A_LINE:
                found[field.name] = (*found.get(field.name, ()), *value)
                continue
            self._once(field.name, seen, node)
            found[field.name] = value
        return found

    def _once(self, key: Any, seen: set[Any], node: Node) -> None:
        if key in seen:
            raise _error(self._path, node.number, f"{node.text!r} is there twice", "one of them")
        seen.add(key)

    def _value(self, field: Field, node: Node) -> Any:
        if field.kind is Kind.OBJECT:
            return self._object(field.cls, node)
        if node.children:
            below = node.children[0]
            raise _error(
                self._path, below.number, f"{below.text!r} stands below a value", "nothing"
            )
        rest = node.text[len(field.label) + 1 :]
        return self._guarded(node, lambda: value_of(field, rest, node.block))
