"""Which module of a project describes which table, told from the source without importing it.

A table is named by `__tablename__` in a class body or by the first argument of `Table(…)`. Names
that are computed are not found; whoever asks has another way to put such tables in order.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.sqla.sources import Closure
from pgassay.sqla.syntax import syntax_tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Names of modules that say nothing of what is in them: their folder does.
_NAMELESS = frozenset(("__init__", "models", "model", "tables", "schema", "entities", "orm", "db"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TableModule:
    """One module that describes tables.

    `title` is made of its name, `about` is the first sentence of its docstring.
    """

    title: str
    about: str
    tables: frozenset[str]


def table_modules(metadata: str, root: Path) -> list[TableModule]:
    """Return the modules that `metadata` brings in and that describe tables, by their titles.

    Args:
        metadata: `module:attribute`, or several, separated by commas.
        root: the project's folder.
    """
    closure = Closure(roots=(root,))
    for name in metadata.split(","):
        closure.add_module(name.strip().partition(":")[0])
    found: list[TableModule] = []
    for path, data in sorted(closure.files.items()):
        if path.suffix != ".py":
            continue
        try:
            module = syntax_tree(data)
        except SyntaxError:
            continue  # told by the route that imports it
        tables = frozenset(_tables(module))
        if tables:
            about = " ".join((ast.get_docstring(module) or "").split("\n\n")[0].split())
            found.append(TableModule(title=_title(path), about=about, tables=tables))
    return sorted(found, key=lambda module: module.title)


def _tables(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        match node:
            case ast.ClassDef():
                yield from filter(None, map(_tablename, node.body))
            case ast.Call(func=ast.Name(id="Table") | ast.Attribute(attr="Table"),
                          args=[ast.Constant(value=str(name)), *_]):  # fmt: skip
                yield name


def _tablename(statement: ast.stmt) -> str | None:
    match statement:
        case ast.Assign(targets=[ast.Name(id="__tablename__")], value=ast.Constant(value=name)):
            return name if isinstance(name, str) else None
        case ast.AnnAssign(target=ast.Name(id="__tablename__"), value=ast.Constant(value=name)):
            return name if isinstance(name, str) else None
    return None


def _title(path: Path) -> str:
    name = path.parent.name if path.stem in _NAMELESS else path.stem
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]
