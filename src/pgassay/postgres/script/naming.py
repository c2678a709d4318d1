"""Flyway's file names: what a file is, and in which order files run.

`V<version>__<description>.sql` once, in the order of their versions as numbers; `R__…` after all
of them, by description; `U…` (undo) is left aside. Versions are numbers separated by dots or
underscores, and trailing zeros say nothing: 1, 1.0 and 1_0 are one version. Source: Flyway's
reference, Migrations.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_VERSIONED = re.compile(r"V(?P<version>\d+(?:[._]\d+)*)__(?P<description>.+)\.sql\Z")
_REPEATABLE = re.compile(r"R__(?P<description>.+)\.sql\Z")
_UNDO = re.compile(r"U(?P<version>\d+(?:[._]\d+)*)__.+\.sql\Z")
_CALLBACK = re.compile(r"(?:before|after)[A-Z]\w*(?:__.*)?\.sql\Z")
_NEARLY = re.compile(
    r"(?P<kind>[VvRr])(?P<version>[\d._]*?)_*(?P<rest>[A-Za-z].*)\.sql\Z", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One file in Flyway naming. `version` is None for a repeatable one."""

    path: Path
    version: str | None
    description: str

    @property
    def order(self) -> tuple[int, ...]:
        """The version as numbers, trailing zeros left out; the history may hold any spelling."""
        return version_order(self.version or "")

    def __str__(self) -> str:
        """`V2__name.sql`."""
        return self.path.name


def version_order(version: str) -> tuple[int, ...]:
    """Return a version as numbers without trailing zeros."""
    parts = [int(part) for part in re.split(r"[._]", version) if part]
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


def migrations_in(folder: Path) -> list[Migration]:
    """Return the migrations under a folder in the order they run.

    Raises:
        SchemaError: a name is not Flyway's, with a suggestion; a version or a description twice;
            a baseline or a callback, which are not supported; no migration at all.
    """
    files = sorted(path for path in folder.rglob("*.sql") if path.is_file())
    found = [one for path in files if (one := _migration(path, folder)) is not None]
    versioned = sorted((m for m in found if m.version), key=lambda m: m.order)
    repeatable = sorted((m for m in found if not m.version), key=lambda m: m.description)
    _once(versioned, [m.order for m in versioned], "version", folder)
    _once(repeatable, [m.description for m in repeatable], "description", folder)
    if not found:
        raise SchemaError(
            "there is no migration",
            where=str(folder),
            expected="files like V1__create_users.sql",
        )
    return [*versioned, *repeatable]


def _migration(path: Path, folder: Path) -> Migration | None:
    name = path.name
    if found := _VERSIONED.match(name):
        version = found["version"].replace("_", ".")
        words = found["description"].replace("_", " ")
        return Migration(path=path, version=version, description=words)
    if found := _REPEATABLE.match(name):
        words = found["description"].replace("_", " ")
        return Migration(path=path, version=None, description=words)
    if _UNDO.match(name):
        return None
    what = "no name that Flyway runs"
    if _CALLBACK.match(name):
        what = "a callback, which is not supported"
    elif re.match(r"B\d", name):
        what = "a baseline, which is not supported: every version is run from nothing"
    raise SchemaError(
        f"{name} is {what}",
        where=str(path.relative_to(folder.parent)),
        expected="V<version>__<description>.sql or R__<description>.sql, two underscores",
        why="Flyway would leave the file out without a word",
        fix=_suggested(name),
    )


def _suggested(name: str) -> str:
    found = _NEARLY.match(name)
    if not found:
        return "rename it, or move it out of this folder"
    version = found["version"].strip("._")
    if found["kind"].upper() == "R" and not version:
        return f"rename it to R__{found['rest']}.sql"
    if found["kind"].upper() == "V" and version:
        return f"rename it to V{version}__{found['rest']}.sql"
    return "rename it, or move it out of this folder"


def _once(files: Sequence[Migration], keys: Iterable[object], what: str, folder: Path) -> None:
    seen: dict[object, Migration] = {}
    for one, key in zip(files, keys, strict=True):
        if key in seen:
            raise SchemaError(
                f"{seen[key]} and {one} have the same {what}",
                where=str(folder),
                expected=f"each {what} once (1, 1.0 and 1_0 are one version)",
                why="which of them runs first is left to chance",
            )
        seen[key] = one
