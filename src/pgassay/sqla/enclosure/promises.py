"""Inside the enclosure: what models say that no table shows (`core.models.ModelFacts`)."""

from __future__ import annotations

import ast
import inspect
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, DefaultClause, Enum, MetaData, Table, UniqueConstraint
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import RelationshipDirection, configure_mappers, mapperlib
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import BinaryExpression, UnaryExpression
from sqlalchemy.types import ARRAY, String, TypeDecorator, TypeEngine

from pgassay.core.codec import encode
from pgassay.core.models import (
    Direction,
    ModelColumn,
    ModelFacts,
    ModelIndex,
    ModelTable,
    PassiveDeletes,
    Relationship,
)
from pgassay.core.names import QualifiedName
from pgassay.sqla.enclosure.strays import strays

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Mapper, RelationshipProperty

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]  # as SQLAlchemy ships it
_DIRECTIONS = {
    RelationshipDirection.ONETOMANY: Direction.ONE_TO_MANY,
    RelationshipDirection.MANYTOONE: Direction.MANY_TO_ONE,
    RelationshipDirection.MANYTOMANY: Direction.MANY_TO_MANY,
}


def promises(found: Sequence[MetaData], names: Sequence[str], root: Path) -> dict[str, object]:
    """Return the `ModelFacts` of MetaData that are loaded, encoded.

    Args:
        found: the MetaData.
        names: `module:attribute` of each, by which modules beside them are looked for.
        root: the project's folder.
    """
    failure = None
    try:
        configure_mappers()
    except SQLAlchemyError as error:
        failure = str(error).strip().splitlines()[0]
    mapped = [mapper for mapper in _mappers() if _metadata(mapper) in found]
    facts = ModelFacts(
        tables=tuple(
            _table(table, [m for m in mapped if m.local_table is table], root)
            for metadata in found
            for table in metadata.tables.values()
        ),
        relationships=() if failure else tuple(_all_relationships(mapped, root)),
        # Last: it imports modules that the models do without.
        strays=tuple(strays(found, names, root)),
        failure=failure,
    )
    return {"facts": encode(facts)}


def _mappers() -> Iterator[Mapper[Any]]:
    # There is no public way from a MetaData to the classes that are mapped to its tables.
    for registry in list(mapperlib._all_registries()):  # noqa: SLF001 - as said above
        yield from sorted(registry.mappers, key=_class)


def _metadata(mapper: Mapper[Any]) -> object:
    return getattr(mapper.local_table, "metadata", None)


def _class(mapper: Mapper[Any]) -> str:
    return f"{mapper.class_.__module__}.{mapper.class_.__qualname__}"


def name_of(table: Table) -> QualifiedName:
    """Return a table's name, with the schema in which it is created."""
    return QualifiedName(table.schema or "public", table.name)


def _table(table: Table, mapped: Sequence[Mapper[Any]], root: Path) -> ModelTable:
    first = mapped[0] if mapped else None
    keys = [c for c in table.constraints if isinstance(c, UniqueConstraint) and len(c.columns)]
    indexes = [
        ModelIndex(
            name=str(key.name) if isinstance(key.name, str) else None,
            columns=tuple(column.name for column in key.columns),
            unique=True,
            constraint=True,
        )
        for key in keys
    ]
    for index in table.indexes:
        names = {column.name for column in table.columns}
        indexes.append(
            ModelIndex(
                name=str(index.name) if index.name else None,
                columns=tuple(_named(e, names) for e in index.expressions),
                unique=bool(index.unique),
                partial=index.dialect_options["postgresql"]["where"] is not None,
            )
        )
    return ModelTable(
        name=name_of(table),
        columns=tuple(_column(column) for column in table.columns),
        indexes=tuple(sorted(indexes, key=lambda i: (str(i.columns), i.name or ""))),
        classes=tuple(_class(mapper) for mapper in mapped),
        key=tuple(c.name for c in first.primary_key if c.table is table) if first else (),
        source=_source(first.class_, root) if first else None,
    )


def _named(expression: object, names: set[str]) -> str | None:
    """Return the column that a key of an index is, None for an expression."""
    inner = expression
    while isinstance(inner, UnaryExpression):  # .desc()
        inner = inner.element
    name = getattr(inner, "name", None)
    return str(name) if isinstance(inner, Column) and name in names else None


def _column(column: Column[Any]) -> ModelColumn:
    kind, array = _plain(column.type)
    is_enum = isinstance(kind, Enum)
    native = is_enum and kind.native_enum and kind.name is not None
    generated = column.identity is not None or column.computed is not None
    # A FetchedValue says that a trigger fills it.
    stated = isinstance(column.server_default, DefaultClause)
    default, onupdate = column.default, column.onupdate
    return ModelColumn(
        name=column.name,
        nullable=bool(column.nullable),
        primary_key=column.primary_key,
        length=kind.length if isinstance(kind, String) and not native else None,
        labels=tuple(kind.enums) if is_enum else (),
        enum=QualifiedName(_schema(kind, column), str(kind.name)) if native else None,
        checked=bool(is_enum and kind.create_constraint),
        array=array,
        default=_words(default),
        constant=_constant(default),
        server_default=stated or generated,
        onupdate=_words(onupdate),
        server_onupdate=column.server_onupdate is not None or generated,
    )


def _plain(kind: TypeEngine[Any]) -> tuple[Any, bool]:
    """Return what a type is on PostgreSQL without what Python adds to it, and whether an array."""
    array = False
    for _ in range(9):  # decorators of decorators
        if isinstance(kind, TypeDecorator):
            kind = kind.load_dialect_impl(_DIALECT)
        elif isinstance(kind, ARRAY):
            kind, array = kind.item_type, True
        else:
            break
    with suppress(Exception):  # a type that somebody made, which wants to know more
        variant = kind._variant_mapping.get("postgresql")  # noqa: SLF001 - no public way to it
        if variant is not None:
            return _plain(variant)
    return kind, array


def _schema(kind: Enum, column: Column[Any]) -> str:
    return kind.schema or column.table.metadata.schema or "public"


def _words(default: Any) -> str | None:
    """Return what a default of the ORM is, None where there is none or a sequence."""
    if default is None or getattr(default, "is_sequence", False):
        return None
    argument = getattr(default, "arg", default)
    if getattr(default, "is_callable", False):
        return f"{getattr(argument, '__qualname__', None) or type(argument).__name__}()".replace(
            "<lambda>()", "a lambda"
        )
    if getattr(default, "is_clause_element", False):
        return str(argument)
    return repr(argument)


def _constant(default: Any) -> str | None:
    if default is None or not getattr(default, "is_scalar", False):
        return None
    value = default.arg
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if type(value) in {str, int, float} else None


def _all_relationships(mapped: Sequence[Mapper[Any]], root: Path) -> Iterator[Relationship]:
    for mapper in mapped:
        for prop in mapper.relationships:
            if prop.parent is mapper:  # a subclass has those of the class above it
                found = _relationship(prop, mapper, root)
                if found is not None:
                    yield found


def _relationship(
    prop: RelationshipProperty[Any], mapper: Mapper[Any], root: Path
) -> Relationship | None:
    pairs = prop.synchronize_pairs if prop.secondary is not None else prop.local_remote_pairs
    tables = {getattr(one, "table", None) for one, _ in pairs}
    others = {getattr(other, "table", None) for _, other in pairs}
    if len(tables) != 1 or len(others) != 1:
        return None
    table, remote = tables.pop(), others.pop()
    if not isinstance(table, Table) or not isinstance(remote, Table):
        return None  # mapped to a query
    passive = prop.passive_deletes
    return Relationship(
        owner=_class(mapper),
        name=prop.key,
        direction=_DIRECTIONS[prop.direction],
        table=name_of(table),
        remote=name_of(remote),
        columns=tuple(str(one.name) for one, _ in pairs),
        remote_columns=tuple(str(other.name) for _, other in pairs),
        secondary=prop.secondary is not None,
        many=bool(prop.uselist),
        delete="delete" in prop.cascade,
        passive_deletes=PassiveDeletes.ALL
        if passive == "all"
        else PassiveDeletes.YES
        if passive
        else PassiveDeletes.NO,
        view_only=prop.viewonly,
        plain=_is_plain(prop, len(pairs)),
        loads=_loads(prop),
        source=_source(mapper.class_, root),
    )


def _loads(prop: RelationshipProperty[Any]) -> bool:
    """Whether children can be there when their parent is deleted."""
    if prop.lazy in {"noload", None}:
        return False
    # Such a collection is never loaded by itself, and passive_deletes keeps the ORM from it.
    kept_out = prop.lazy in {"write_only", "dynamic"} and prop.passive_deletes
    return not kept_out or "delete" in prop.cascade


def _is_plain(prop: RelationshipProperty[Any], pairs: int) -> bool:
    compared = [
        element
        for element in visitors.iterate(prop.primaryjoin)
        if isinstance(element, BinaryExpression)
    ]
    return (
        len(compared) == pairs
        and all(element.operator is operators.eq for element in compared)
        and not prop.order_by
    )


def _source(cls: type[Any], root: Path) -> str | None:
    """Return `file:line` of a class, relative to the project where it is in it."""
    with suppress(TypeError, OSError):
        file = inspect.getsourcefile(cls)
        if file is not None:
            line = _lines(file).get(cls.__qualname__)
            path = Path(file)
            shown = path.relative_to(root) if path.is_relative_to(root) else path
            return f"{shown}:{line}" if line else str(shown)
    return None


@cache
def _lines(file: str) -> dict[str, int]:
    """Return the line of every class of a file by its qualified name."""
    found: dict[str, int] = {}

    def visit(node: ast.AST, above: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef):
                found[f"{above}{child.name}"] = child.lineno
                visit(child, f"{above}{child.name}.")

    with suppress(OSError, SyntaxError, ValueError):
        visit(ast.parse(Path(file).read_bytes()), "")
    return found
