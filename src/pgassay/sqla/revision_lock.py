"""The lock of a history: a digest for each revision and for each module that revisions share.

A line each, in the order of the history, so that a review sees which one was touched:

    0009 4f1c2a… versions/0009_partition_credit_transactions.py
    shared 77ab01… month_partitions.py

The digest is of the code: comments, docstrings and blank lines are left out.
"""

from __future__ import annotations

import ast
import hashlib
import io
import os
import tokenize
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pgassay.core.errors import ConfigError
from pgassay.sqla.sources import Closure
from pgassay.sqla.syntax import syntax_tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from pgassay.core.route import Revision
    from pgassay.sqla.alembic_route import AlembicRoute

_HEAD = (
    "# Revisions as they have been applied: they are not edited any more (pgassay explain\n"
    "# history_edited). Written by pgassay lock --revisions --accept.\n"
)
_SHARED = "shared"
_DIGITS = 32
_WORDS = 3  # of a line
_HOLDERS = (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedRevision:
    """The digest of one revision, and its file as seen from the script directory."""

    digest: str
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionLock:
    """The digests of a history.

    Args:
        revisions: by id, parents before children.
        shared: the digests of modules in the script directory that revisions import, by file.
        users: the ids of the revisions that import each of them; not kept in the file.
    """

    revisions: Mapping[str, LockedRevision]
    shared: Mapping[str, str]
    users: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, route: AlembicRoute, revisions: Iterable[Revision]) -> RevisionLock:
        """Return the lock of revisions as their files are now."""
        root = (route.root or route.config.parent).resolve()
        script = route.script().resolve()
        found: dict[str, LockedRevision] = {}
        shared: dict[str, str] = {}
        users: dict[str, tuple[str, ...]] = {}
        for one in revisions:
            path = (root / one.path).resolve()
            closure = Closure((*route.paths(), root))
            closure.add_file(path)
            files = closure.files
            found[one.id] = LockedRevision(
                digest=code_digest(files[path]), file=_label(path, script)
            )
            for other, data in sorted(files.items()):
                if other != path and _is_shared(other, script):
                    label = _label(other, script)
                    shared[label] = code_digest(data)
                    users[label] = (*users.get(label, ()), one.id)
        return cls(revisions=found, shared=dict(sorted(shared.items())), users=users)

    @classmethod
    def read(cls, path: Path) -> RevisionLock:
        """Read a lock file.

        Raises:
            ConfigError: a line is not one of it.
        """
        revisions: dict[str, LockedRevision] = {}
        shared: dict[str, str] = {}
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            words = line.split(maxsplit=_WORDS - 1)
            if len(words) != _WORDS:
                raise ConfigError(
                    f'"{line}" is no line of a revisions lock',
                    where=f"{path}:{number}",
                    expected="a revision's id, its digest, its file",
                    fix="pgassay lock --revisions --accept writes it anew",
                )
            id_, digest, file = words
            if id_ == _SHARED:
                shared[file] = digest
            else:
                revisions[id_] = LockedRevision(digest=digest, file=file)
        return cls(revisions=revisions, shared=shared)

    def text(self) -> str:
        """Return the content of the file."""
        lines = [f"{id_} {one.digest} {one.file}\n" for id_, one in self.revisions.items()]
        lines += [f"{_SHARED} {digest} {file}\n" for file, digest in self.shared.items()]
        return _HEAD + "".join(lines)


def code_digest(source: bytes) -> str:
    """Return a digest of Python source without comments, docstrings and blank lines.

    What cannot be read as Python (SQL that a revision loads) counts byte for byte.
    """
    try:
        text = source.decode()
        code = "\n".join(_code(text))
    except (SyntaxError, UnicodeDecodeError, tokenize.TokenError):
        return hashlib.sha256(source).hexdigest()[:_DIGITS]
    return hashlib.sha256(code.encode()).hexdigest()[:_DIGITS]


def _code(text: str) -> Iterator[str]:
    lines = text.splitlines()
    for first, last in _docstrings(text):
        lines[first - 1 : last] = [""] * (last - first + 1)
    for number, column in _comments(text):
        lines[number - 1] = lines[number - 1][:column]
    for line in lines:
        if line.strip():
            yield line.rstrip()


def _docstrings(text: str) -> Iterator[tuple[int, int]]:
    """Yield the first and the last line of every docstring that has them for itself."""
    for node in ast.walk(syntax_tree(text)):
        if not isinstance(node, _HOLDERS) or not node.body:
            continue
        first = node.body[0]
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            alone = len(node.body) == 1 or node.body[1].lineno > (first.end_lineno or 0)
            if isinstance(first.value.value, str) and alone and first.lineno != _line(node):
                yield first.lineno, first.end_lineno or first.lineno


def _line(node: ast.AST) -> int:
    """Return the line that a definition begins on; 0 for a module."""
    return int(getattr(node, "lineno", 0))


def _comments(text: str) -> Iterator[tuple[int, int]]:
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start


def _is_shared(path: Path, script: Path) -> bool:
    """Whether a file is code or SQL of the migrations themselves, env.py and packages aside."""
    inside = path.is_relative_to(script) and path.suffix in {".py", ".sql"}
    return inside and path.name not in {"env.py", "__init__.py"}


def _label(path: Path, script: Path) -> str:
    return os.path.relpath(path, script).replace(os.sep, "/")
