"""Which files of a project decide what a route builds, found without importing any of them.

Imports are found by pattern, not by a parser: that is ten times faster, and what it sees besides
(an import in a docstring, under TYPE_CHECKING) only makes the digest more careful. A module that
imports by computed names (`pkgutil`, `importlib`, globbing) brings its whole package in.

Paths are plain text here: hundreds of them are looked at within milliseconds.
"""
# pathlib takes several times as long, and this runs before every gate:
# ruff: noqa: PTH112, PTH113, PTH118, PTH120, PTH123

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import sys
import sysconfig
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_GAP = r"(?:[ \t]|\\\r?\n)"
_IMPORT = re.compile(
    r"(?:^|[;:])[ \t]*(?:"
    rf"from{_GAP}+(?P<source>[.\w]+){_GAP}+import{_GAP}*"
    r"(?:\((?P<several>(?:[^)#]|#[^\n]*)*)\)|(?P<few>(?:[^\n\\#;]|\\\n)*))"
    rf"|import{_GAP}+(?P<plain>(?:[^\n\\#;]|\\\n)+))",
    re.MULTILINE,
)
_COMPUTED = re.compile(
    r"\b(?:importlib|pkgutil|__import__|import_string|r?glob|iterdir|scandir|listdir|walk)\b"
)
_STRING = re.compile(r"""["']([A-Za-z_][\w.]*)["']""")
_COMMENT = re.compile(r"#[^\n]*")
_DATA = (".sql", ".json", ".toml", ".yaml", ".yml", ".csv", ".txt", ".ini")
_PATHS = sysconfig.get_paths()
_LIBRARY = tuple({_PATHS[key] for key in ("stdlib", "platstdlib", "purelib", "platlib")})
_NOT_SOURCE = frozenset({"__pycache__", "node_modules", "site-packages", "venv", "env"})


class Closure:
    """The files of a project that a module brings in, itself included.

    Args:
        roots: the folders that will be on `sys.path`, in order.

    Attributes:
        files: their content by path.
    """

    def __init__(self, roots: Sequence[Path]) -> None:
        self._roots = tuple(dict.fromkeys(os.path.realpath(root) for root in roots))
        self._named: dict[str, list[str]] = {}
        self._found: dict[str, list[str]] = {}
        self._content: dict[str, bytes] = {}
        self._whole: set[str] = set()  # packages that are in with all their modules
        self._beside: set[str] = set()  # folders whose data files are in

    @property
    def files(self) -> dict[Path, bytes]:
        """Their content by path."""
        return {Path(path): data for path, data in self._content.items()}

    def add_module(self, name: str) -> bool:
        """Add a module by its dotted name; False if no project file is called that."""
        found = self._files_of(name)
        self._follow(found)
        return bool(found)

    def add_file(self, path: Path) -> None:
        """Add one file and what it imports."""
        self._follow([os.path.realpath(path)])

    def add_folder(self, folder: Path) -> None:
        """Add every file under a folder, whatever its kind, and what its modules import."""
        self._follow(_tree(os.path.realpath(folder), everything=True))

    def texts(self) -> list[str]:
        """The Python files as text."""
        return [
            data.decode(errors="replace") for path, data in self._content.items() if _python(path)
        ]

    def _follow(self, paths: Iterable[str]) -> None:
        waiting = list(paths)
        while waiting:
            path = waiting.pop()
            if path in self._content or not os.path.isfile(path):
                continue
            with open(path, "rb") as file:
                data = self._content[path] = file.read()
            if _python(path):
                waiting += self._imported(path, data)
                waiting += self._data_beside(os.path.dirname(path))

    def _imported(self, path: str, data: bytes) -> Iterator[str]:
        package = self._package_of(path)
        names, strings = _mentioned(data, package)
        for name in names:
            yield from self._files_of(name)
        if strings is not None:
            tops = {name.partition(".")[0] for name in (*names, *strings)}
            if package:
                tops.add(package.partition(".")[0])
            for top in sorted(tops):
                for base in self._bases(top):
                    folder = os.path.join(base, top)
                    if folder not in self._whole:
                        self._whole.add(folder)
                        yield from _tree(folder, everything=False)

    def _data_beside(self, folder: str) -> list[str]:
        """Return data files in a module's own folder (SQL it may read), the roots left out."""
        if folder in self._roots or folder in self._beside:
            return []
        self._beside.add(folder)
        entries = os.scandir(folder)
        return [one.path for one in entries if one.name.endswith(_DATA) and one.is_file()]

    def _package_of(self, path: str) -> str:
        """Return the dotted name of the package a file is in; empty if it is in none."""
        folder = os.path.dirname(path)
        for root in self._roots:
            if folder == root:
                return ""
            if folder.startswith(root + os.sep):
                return folder[len(root) + 1 :].replace(os.sep, ".")
        parts: list[str] = []
        while os.path.isfile(os.path.join(folder, "__init__.py")):
            folder, _, name = folder.rpartition(os.sep)
            parts.insert(0, name)
        return ".".join(parts)

    def _files_of(self, name: str) -> list[str]:
        """Return the files that importing a dotted name runs, as far as they are the project's."""
        if name not in self._named:
            top, *rest = name.split(".")
            walks = (_walk(base, (top, *rest)) for base in self._bases(top))
            self._named[name] = next((files for files in walks if files), [])
        return self._named[name]

    def _bases(self, top: str) -> list[str]:
        """Return the folders in which a top-level name is found: the roots, or elsewhere."""
        if top not in self._found:
            here = [
                root
                for root in self._roots
                if os.path.isdir(os.path.join(root, top))
                or os.path.isfile(os.path.join(root, f"{top}.py"))
            ]
            self._found[top] = here or _elsewhere(top)
        return self._found[top]


@lru_cache(maxsize=1024)
def _elsewhere(top: str) -> list[str]:
    """Return where an editable install keeps a top-level name; nothing for library code."""
    if top in sys.builtin_module_names or top in sys.stdlib_module_names:
        return []
    try:
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError):
        return []
    if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
        return []
    origin = os.path.realpath(spec.origin)
    if origin.startswith(_LIBRARY) or f"{os.sep}site-packages{os.sep}" in origin:
        return []
    folder = os.path.dirname(origin)
    return [os.path.dirname(folder) if spec.submodule_search_locations else folder]


def _walk(base: str, parts: Sequence[str]) -> list[str]:
    """Return the files along a dotted name: each package's __init__.py, then the module."""
    found: list[str] = []
    place = base
    for part in parts:
        place = os.path.join(place, part)
        if os.path.isfile(package := os.path.join(place, "__init__.py")):
            found.append(package)
        elif os.path.isfile(module := f"{place}.py"):
            return [*found, module]
        elif not os.path.isdir(place):
            break
    return found


_KNOWN: dict[tuple[bytes, str], tuple[frozenset[str], frozenset[str] | None]] = {}


def _mentioned(data: bytes, package: str) -> tuple[frozenset[str], frozenset[str] | None]:
    """Return the names that a module imports, and its strings if it imports computed names.

    Kept by content: several routes of a system read the same modules.
    """
    key = (hashlib.blake2b(data, digest_size=16).digest(), package)
    if key not in _KNOWN:
        text = data.decode(errors="replace")
        computed = frozenset(_STRING.findall(text)) if _COMPUTED.search(text) else None
        _KNOWN[key] = (frozenset(_imported_names(text, package)), computed)
    return _KNOWN[key]


def _imported_names(text: str, package: str) -> Iterator[str]:
    for found in _IMPORT.finditer(text):
        if found["plain"]:
            yield from (name.split()[0] for name in found["plain"].split(",") if name.split())
            continue
        source = _absolute(found["source"], package)
        if source:
            yield source
        names = _COMMENT.sub("", found["several"] or found["few"] or "").replace("\\", " ")
        for name in names.split(","):
            if name.split():
                yield f"{source}.{name.split()[0]}" if source else name.split()[0]


def _absolute(source: str, package: str) -> str:
    level = len(source) - len(source.lstrip("."))
    if not level:
        return source
    parts = package.split(".") if package else []
    parts = parts[: len(parts) - level + 1]
    return ".".join([*parts, *filter(None, source[level:].split("."))])


def _tree(folder: str, *, everything: bool) -> Iterator[str]:
    if not os.path.isdir(folder):
        return
    for entry in sorted(os.scandir(folder), key=lambda one: one.name):
        if entry.name.startswith(".") or entry.name in _NOT_SOURCE or entry.is_symlink():
            continue
        if entry.is_dir():
            yield from _tree(entry.path, everything=everything)
        elif everything or _python(entry.name) or entry.name.endswith(_DATA):
            yield entry.path


def _python(path: str) -> bool:
    return path.endswith((".py", ".pyi"))
