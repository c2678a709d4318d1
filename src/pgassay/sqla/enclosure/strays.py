"""Inside the enclosure: models beside the imported ones that nobody imports.

A file is read first, without being run: it has to define a table that is not there, and to import
what holds the MetaData. Then it is imported, and what that adds to the MetaData is the proof.
"""

from __future__ import annotations

import ast
import importlib
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import MetaData

from pgassay.core.models import Stray
from pgassay.core.names import QualifiedName

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NOT_MODELS = frozenset(
    {"test", "tests", "testing", "migrations", "versions", "alembic", "node_modules"}
    | {"build", "dist", "docs", "examples", "site-packages", "scripts"}
)
_MOST = 2000  # files


def strays(found: Sequence[MetaData], names: Sequence[str], root: Path) -> Iterator[Stray]:
    """Yield the tables that modules beside those of `names` add when they are imported."""
    loaded = {file for m in list(sys.modules.values()) if (file := getattr(m, "__file__", None))}
    known = {table.name for metadata in found for table in metadata.tables.values()}
    for name in names:
        module = sys.modules.get(name.partition(":")[0])
        for path, dotted in _beside(module):
            if str(path) in loaded:
                continue
            loaded.add(str(path))
            if _adds(path, dotted, known, found):
                yield from _imported(path, dotted, found, root)


def _beside(module: object) -> Iterator[tuple[Path, str]]:
    """Yield the files of a module's package and of the one above, with their dotted names."""
    file: str | None = getattr(module, "__file__", None)
    if file is None:
        return
    dotted: str = module.__name__  # type: ignore[attr-defined]  # what has a file is a module
    folder, package = Path(file).parent, dotted
    if Path(file).name != "__init__.py":
        package = dotted.rpartition(".")[0]
    above = package.rpartition(".")[0]
    if above and (folder.parent / "__init__.py").is_file():
        folder, package = folder.parent, above
    for number, path in enumerate(sorted(folder.rglob("*.py"))):
        parts = path.relative_to(folder).with_suffix("").parts
        if number >= _MOST:
            return
        if any(p in _NOT_MODELS or p.startswith((".", "test_")) or p == "conftest" for p in parts):
            continue
        if not all(part.isidentifier() for part in parts):
            continue
        if any((up / "pyvenv.cfg").exists() for up in path.parents if up.is_relative_to(folder)):
            continue
        kept = parts[:-1] if parts[-1] == "__init__" else parts
        yield path, ".".join(part for part in (package, *kept) if part)


def _adds(path: Path, dotted: str, known: set[str], found: Sequence[MetaData]) -> bool:
    """Whether a file defines a table that is not known and imports what holds the MetaData."""
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return False
    defined = set(_defined(tree))
    if not defined or defined <= known:
        return False
    package = dotted if path.name == "__init__.py" else dotted.rpartition(".")[0]
    return any(_holds(name, found) for name in _imports(tree, package))


def _defined(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Assign(
                targets=[ast.Name(id="__tablename__")], value=ast.Constant(value=str(name))
            ):
                yield name
            case ast.Call(
                func=ast.Name(id="Table") | ast.Attribute(attr="Table"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield name


def _imports(tree: ast.Module, package: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            head = ".".join([*above, *([node.module] if node.module else [])])
            base = head if node.level else node.module or ""
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _holds(name: str, found: Sequence[MetaData]) -> bool:
    """Whether a module that is loaded holds one of the MetaData, or something that does."""
    module = sys.modules.get(name)
    for value in list(vars(module).values()) if module is not None else ():
        with suppress(Exception):  # somebody's lazy attribute
            if value in found if isinstance(value, MetaData) else value.metadata in found:
                return True
    return False


def _imported(path: Path, dotted: str, found: Sequence[MetaData], root: Path) -> Iterator[Stray]:
    before = {key for metadata in found for key in metadata.tables}
    # It may be a script, or need what is not there; then it is nothing that was forgotten.
    with suppress(Exception, SystemExit):
        importlib.import_module(dotted)
        shown = path.relative_to(root) if path.is_relative_to(root) else path
        for metadata in found:
            for key, table in list(metadata.tables.items()):
                if key not in before:
                    name = QualifiedName(table.schema or "public", table.name)
                    yield Stray(table=name, module=dotted, source=str(shown))
